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
                "The signals that were sent to a workflow and that no step has taken yet, oldest first, without large payloads."
                (workflowAnd (page Page.Usual))
                (sends<SignalPage> "A page.")
                Signals.list
            |> refusing [ noWorkflow ]
            get
                "getSignal"
                "/api/workflows/{id}/signals/{signalId}"
                "One of the signals that were sent to a workflow and that no step has taken yet, with its full payload."
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
                "Sends a signal to a workflow. If the workflow does not wait for it yet, the signal is kept."
                (changeOf OperationRequests.signal)
                (sends<SentSignal> "The workflow has received it.")
                Signals.send
            |> taking """{"name":"paid","key":"payment-9","payload":{"amount":250}}"""
            |> refusing [ noWorkflow; conflict ]
            change
                post
                Operators
                "signal.send"
                "sendSignal"
                "/api/signals"
                "Sends a signal to the workflow with an external id, or to all unfinished workflows of a type with a business key. If there is no receiver, it creates a workflow if orCreate is given."
                (body OperationRequests.addressedSignal)
                (sends<SentSignal> "The workflows that have received it.")
                Signals.sendTo
            |> taking """{"externalId":"order-17","name":"paid","payload":{"amount":250}}"""
            |> refusing [ noReceiver; conflict ]
        ]
        |> about "Signals"
