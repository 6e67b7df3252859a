"""BPMN elements outside the subset, and what to use instead of each."""

from __future__ import annotations

REFUSED: dict[str, str] = {
    "task": "Use a user task (userTask) for a person's work, a service task for an action.",
    "manualTask": "Use a user task (userTask).",
    "scriptTask": "Use a service task with yiwang:action; process files run no code.",
    "sendTask": "Use a service task with yiwang:action.",
    "receiveTask": "Use a user task that the receiver completes, or an intermediate timer.",
    "businessRuleTask": "Use a service task with yiwang:action, and an exclusive gateway on its result.",
    "callActivity": "Draw its steps into this process, or open a linked matter by a service task.",
    "subProcess": "Draw its steps into this process.",
    "adHocSubProcess": "Draw its steps into this process, in parallel branches.",
    "transaction": "Draw its steps into this process.",
    "eventBasedGateway": "Use a user task with a boundary timer.",
    "complexGateway": "Use an inclusive or a parallel gateway.",
    "intermediateThrowEvent": "Use a service task with yiwang:action.",
    "implicitThrowEvent": "Use a service task with yiwang:action.",
    "event": "Use a start, end or timer event.",
    "dataObject": "Name the value in a condition; the case's own data holds it.",
    "dataObjectReference": "Name the value in a condition; the case's own data holds it.",
    "dataStore": "Remove it; registers hold the data.",
    "dataStoreReference": "Remove it; registers hold the data.",
    "callChoreography": "Remove it; a process has tasks.",
    "choreographyTask": "Use user tasks.",
    "messageFlow": "Use a service task with yiwang:action that tells the other side.",
    "messageEventDefinition": "Use a user task or a service task; events from outside complete a task.",
    "signalEventDefinition": "Use a user task or a service task; events from outside complete a task.",
    "errorEventDefinition": "Give the service task outcomes, and an exclusive gateway after it.",
    "escalationEventDefinition": "Use a boundary timer that does not interrupt, leading to a task of the higher post.",
    "compensateEventDefinition": "Draw the undoing as tasks after a gateway.",
    "conditionalEventDefinition": "Use an exclusive gateway, or a user task.",
    "cancelEventDefinition": "Use a terminate end event.",
    "linkEventDefinition": "Draw the sequence flow itself.",
    "standardLoopCharacteristics": "Draw the loop: an exclusive gateway after the task that leads back to it.",
    "completionCondition": "Remove it; all parts must complete. Use a terminate end event to stop early.",
    "loopCardinality": "Use <loopDataInputRef> with the name of a list variable.",
    "timeDate": "Use <timeDuration>, with $name where the case gives the time.",
    "timeCycle": "Use <timeDuration>, and a boundary timer whose path leads on to the next timer.",
    "isSequential": "Set isSequential to false; for one after the other draw a loop.",
    "ioSpecification": "Remove it; the case's own data is used.",
    "terminateEventDefinition": "Use it on an end event only.",
    "timerEventDefinition": "Use it on an intermediate catch event or on the border of a user task.",
    "triggeredByEvent": "Draw its steps into this process.",
}
OTHERWISE = "Use user tasks, service tasks, gateways, timers, start and end events."

# Has no effect on how a case runs, so it may stay in the file.
IGNORED = frozenset({
    "documentation", "extensionElements", "incoming", "outgoing", "textAnnotation", "association", "group",
    "laneSet", "category", "import", "property", "resourceRole", "performer", "humanPerformer", "potentialOwner",
    "auditing", "monitoring", "rendering", "itemDefinition", "message", "signal", "error", "escalation",
    "correlationSubscription", "supports", "ioBinding", "partnerEntity", "partnerRole", "resource", "interface",
})  # fmt: skip
