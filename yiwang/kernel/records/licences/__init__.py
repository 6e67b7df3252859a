"""E-licences (电子证照): issued from a template, signed, verified by anybody, used by authorisation, revoked."""
