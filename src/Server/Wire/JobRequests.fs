namespace GopherFlow.Server

open System
open GopherFlow.Operations.Jobs
open GopherFlow.Rules
open GopherFlow.Storage

/// POST /api/jobs and /api/jobs/forecast.
type StartJobRequest = {
    Operation: JobOperation
    Filter: WorkflowFilter
    Reason: string option
}

/// Decoders for the request bodies of jobs.
module internal JobRequests =

    open Values
    open Objects

    let private noFields (operation: JobOperation) : Fields<JobOperation> = {
        Known = []
        ReadAll = fun _ _ _ -> Some operation
    }

    let private cancel =
        fields {
            let! children = optional "children" flag
            return JobOperation.Cancel(defaultArg children false) :> JobOperation
        }

    let private runAgain =
        fields {
            let! state = optional "state" filledText
            and! variables = VariableRequests.changes
            return JobOperation.RunAgain(Option.toObj state, Variables = variables) :> JobOperation
        }

    let private changeState =
        fields {
            let! state = required "state" filledText
            and! nextActivation = optional "nextActivation" instant
            and! fromStates = optional "fromStates" (listOf filledText)
            and! variables = VariableRequests.changes
            and! force = optional "force" flag

            return
                JobOperation.ChangeState(
                    state,
                    NextActivation = Option.toNullable nextActivation,
                    FromStates = defaultArg fromStates [],
                    Variables = variables,
                    Force = defaultArg force false
                )
                :> JobOperation
        }

    let private changeVariables =
        fields {
            let! variables = VariableRequests.changes
            return JobOperation.ChangeVariables variables :> JobOperation
        }

    let private moveVersion =
        fields {
            let! version = required "to" filledText
            and! states = optional "states" (mapOf filledText)
            return JobOperation.MoveVersion(version, States = defaultArg states Map.empty) :> JobOperation
        }

    let private place =
        fields {
            let! priority = optional "priority" OperationRequests.priority
            and! executorGroup = optional "executorGroup" filledText
            return JobOperation.Place(Option.toNullable priority, Option.toObj executorGroup) :> JobOperation
        }

    let private signal =
        fields {
            let! name = required "name" filledText
            and! key = optional "key" filledText
            and! payload = optionalOrNull "payload" anyJson

            return
                JobOperation.Signal(name, Key = Option.toObj key, Payload = defaultArg payload "null") :> JobOperation
        }

    /// The operation of a job: "kind" is its name, the other members are its parameters.
    let operation =
        tagged "kind" [
            "cancel", cancel
            "pause", noFields (JobOperation.Pause())
            "resume", noFields (JobOperation.Resume())
            "retry", noFields (JobOperation.Retry())
            "runAgain", runAgain
            "changeState", changeState
            "changeVariables", changeVariables
            "moveVersion", moveVersion
            "place", place
            "delete", noFields (JobOperation.Delete())
            "signal", signal
        ]

    let start =
        object (
            fields {
                let! operation = required "operation" operation
                and! filter = required "filter" FilterRequests.filter
                and! reason = optional "reason" filledText

                return {
                    Operation = operation
                    Filter = filter
                    Reason = reason
                }
            }
        )
