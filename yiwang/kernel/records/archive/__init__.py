"""The archive (电子档案): a closed matter as one signed file that verifies without the database."""
