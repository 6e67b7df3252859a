"""Draws process files for tests: nodes and flows in, BPMN XML out."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:yiwang="urn:yiwang:bpmn:1" '
    'targetNamespace="urn:test" id="definitions">\n'
)
GATEWAYS = {"exclusive": "exclusiveGateway", "parallel": "parallelGateway", "inclusive": "inclusiveGateway"}


class Drawing:
    """One process in the making; every line of the XML is one element, in the order of drawing."""

    def __init__(self) -> None:
        self.nodes: list[str] = []
        self.flows: list[str] = []
        self.defaults: dict[str, str] = {}
        self.gateways: list[tuple[str, str, int]] = []
        self.ids = 0

    def fresh(self, prefix: str) -> str:
        self.ids += 1
        return f"{prefix}{self.ids}"

    def start(self, own: str = "start") -> str:
        self.nodes.append(f'<startEvent id="{own}"/>')
        return own

    def end(self, own: str = "end", terminate: bool = False) -> str:
        inside = "<terminateEventDefinition/>" if terminate else ""
        self.nodes.append(f'<endEvent id="{own}">{inside}</endEvent>')
        return own

    def task(self, own: str, outcomes: str = "done", items: str = "", **attributes: str) -> str:
        extra = "".join(f" yiwang:{key}={quoteattr(value)}" for key, value in attributes.items())
        loop = (
            f'<multiInstanceLoopCharacteristics isSequential="false"><loopDataInputRef>{items}</loopDataInputRef>'
            f'<inputDataItem id="{own}_item" name="item"/></multiInstanceLoopCharacteristics>'
            if items
            else ""
        )
        post = "" if "post" in attributes else ' yiwang:post="handler"'
        self.nodes.append(
            f'<userTask id="{own}" name="{own}" yiwang:outcomes={quoteattr(outcomes)}{post}{extra}>{loop}</userTask>'
        )
        return own

    def service(self, own: str, action: str = "notify", outcomes: str = "") -> str:
        extra = f' yiwang:outcomes="{outcomes}"' if outcomes else ""
        self.nodes.append(f'<serviceTask id="{own}" name="{own}" yiwang:action="{action}"{extra}/>')
        return own

    def gateway(self, kind: str, own: str) -> str:
        self.gateways.append((kind, own, len(self.nodes)))
        self.nodes.append("")
        return own

    def timer(self, own: str, duration: str = "P5D") -> str:
        self.nodes.append(
            f'<intermediateCatchEvent id="{own}"><timerEventDefinition><timeDuration>"{duration}"</timeDuration>'
            "</timerEventDefinition></intermediateCatchEvent>"
        )
        return own

    def boundary(self, own: str, host: str, interrupting: bool = True, duration: str = "P5D") -> str:
        cancel = "true" if interrupting else "false"
        self.nodes.append(
            f'<boundaryEvent id="{own}" attachedToRef="{host}" cancelActivity="{cancel}"><timerEventDefinition>'
            f'<timeDuration>"{duration}"</timeDuration></timerEventDefinition></boundaryEvent>'
        )
        return own

    def flow(self, source: str, target: str, condition: str = "", default: bool = False) -> str:
        own = self.fresh(f"{source}_{target}_")
        inside = f"<conditionExpression>{escape(condition)}</conditionExpression>" if condition else ""
        self.flows.append(
            f'<sequenceFlow id="{own}" sourceRef="{source}" targetRef="{target}">{inside}</sequenceFlow>'
        )
        if default:
            self.defaults[source] = own
        return own

    def path(self, *nodes: str) -> None:
        for source, target in zip(nodes, nodes[1:], strict=False):
            self.flow(source, target)

    def xml(self) -> bytes:
        nodes = list(self.nodes)
        for kind, own, place in self.gateways:
            default = f' default="{self.defaults[own]}"' if own in self.defaults else ""
            nodes[place] = f'<{GATEWAYS[kind]} id="{own}"{default}/>'
        body = "\n".join([*nodes, *self.flows])
        return f'{HEAD}<process id="test" name="test" isExecutable="true">\n{body}\n</process>\n</definitions>\n'.encode()
