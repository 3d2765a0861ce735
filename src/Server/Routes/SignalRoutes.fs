namespace GopherFlow.Server

open GopherFlow.Contract

/// Signals.
module internal SignalRoutes =

    open Inputs
    open Route
    open RouteParts

    let private noReceiver =
        Problem.notFound "externalId" "order-17" "a workflow to receive the signal"

    let all =
        [
            get
                "listSignals"
                "/api/workflows/{id}/signals"
                "The signals that were sent to a workflow and that no step has taken, oldest first, without large payloads."
                (workflowAnd (page Page.Usual))
                (sends<SignalPage> "A page.")
                Signals.list
            |> refusing [ noWorkflow ]
            get
                "getSignal"
                "/api/workflows/{id}/signals/{signalId}"
                "One of the signals that were sent to a workflow and that no step has taken, whole."
                (workflowAnd (pathId "signalId" "a signal"))
                (sends<Signal> "The signal.")
                Signals.get
            |> refusing [ noWorkflow; Signals.unknown 41L ]
            change
                post
                Operators
                "workflow.signal"
                "signalWorkflow"
                "/api/workflows/{id}/signals"
                "Sends a signal to a workflow. For one that does not wait for it yet, it is kept."
                (changeOf OperationRequests.signal)
                (sends<SentSignal> "The workflow has it.")
                Signals.send
            |> taking """{"name":"paid","key":"payment-9","payload":{"amount":250}}"""
            |> refusing [ noWorkflow; conflict ]
            change
                post
                Operators
                "signal.send"
                "sendSignal"
                "/api/signals"
                "Sends a signal to the workflow with an external id, or to all unfinished ones of a type with a business key; creates one when nobody is there to receive it, if asked to."
                (body OperationRequests.addressedSignal)
                (sends<SentSignal> "The workflows that have it.")
                Signals.sendTo
            |> taking """{"externalId":"order-17","name":"paid","payload":{"amount":250}}"""
            |> refusing [ noReceiver; conflict ]
        ]
        |> about "Signals"
