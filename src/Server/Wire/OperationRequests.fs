namespace GopherFlow.Server

open GopherFlow.Operations
open GopherFlow.Rules

/// POST /api/workflows/{id}/runAgain.
type RunAgainRequest = {
    State: string option
    Variables: VariableChange list
}

/// PATCH /api/workflows/{id}: the priority and executor group.
type PlaceRequest = {
    Priority: int option
    ExecutorGroup: string option
}

/// A signal, without its receiver.
type SignalRequest = {
    Name: string
    Key: string option
    /// JSON text.
    Payload: string option
}

/// POST /api/signals: a signal, its receivers, and the workflow to create if there are none.
type AddressedSignalRequest = {
    Signal: SignalRequest
    ExternalId: string option
    BusinessKey: string option
    WorkflowType: string option
    OrCreate: CreateRequest option
}

/// Decoders for the request bodies of operations on one workflow.
module internal OperationRequests =

    open Values
    open Objects

    /// POST /api/workflows/{id}/cancel: whether the children are cancelled too.
    let cancel =
        object (
            fields {
                let! children = optional "children" flag
                return defaultArg children false
            }
        )

    /// An empty body, for POST /api/workflows/{id}/pause, resume and retry.
    let nothing =
        object {
            Known = []
            ReadAll = fun _ _ _ -> Some()
        }

    let runAgain =
        object (
            fields {
                let! state = optional "state" filledText
                and! variables = VariableRequests.changes
                return { State = state; Variables = variables }
            }
        )

    let priority = whole WorkflowPriority.First WorkflowPriority.Last

    let place =
        object (
            fields {
                let! priority = optional "priority" priority
                and! executorGroup = optional "executorGroup" filledText

                return {
                    Priority = priority
                    ExecutorGroup = executorGroup
                }
            }
            |> check (fun faults path place ->
                match place with
                | {
                      Priority = None
                      ExecutorGroup = None
                  } -> faults.Add(JsonPath.Member(path, "priority"), None, "a priority or an executorGroup")
                | _ -> ())
        )

    let private signalFields =
        fields {
            let! name = required "name" filledText
            and! key = optional "key" filledText
            and! payload = optionalOrNull "payload" anyJson

            return {
                Name = name
                Key = key
                Payload = payload
            }
        }

    let signal = object signalFields

    let addressedSignal =
        object (
            fields {
                let! signal = signalFields
                and! externalId = optional "externalId" filledText
                and! businessKey = optional "businessKey" filledText
                and! workflowType = optional "workflowType" filledText
                and! orCreate = optional "orCreate" Requests.create

                return {
                    Signal = signal
                    ExternalId = externalId
                    BusinessKey = businessKey
                    WorkflowType = workflowType
                    OrCreate = orCreate
                }
            }
        )
