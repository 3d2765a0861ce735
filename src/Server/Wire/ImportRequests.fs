namespace GopherFlow.Server

open System
open GopherFlow.Authoring
open GopherFlow.Operations.Imports
open GopherFlow.Rules

/// POST /api/workflows/import.
type ImportRequest = {
    Workflows: ImportWorkflow list
    /// Whether to check the import without storing anything.
    DryRun: bool
}

/// The decoder for the body of an import.
module internal ImportRequests =

    open Values
    open Objects

    /// The limit keeps the transaction small: a request is imported in one transaction.
    [<Literal>]
    let MostWorkflows = 1000

    let private standing =
        choice [
            "GOES_ON", ImportStanding.Continues
            "HAS_ENDED", ImportStanding.HasEnded
            "HAS_FAILED", ImportStanding.HasFailed
        ]

    let private workflow =
        object (
            fields {
                let! externalId = required "externalId" text
                and! workflowType = required "workflowType" text
                and! businessKey = required "businessKey" text
                and! executorGroup = required "executorGroup" text

                and! priority =
                    optional "priority" (whole WorkflowPriority.First WorkflowPriority.Last)

                and! state = optional "state" filledText
                and! standing = optional "standing" standing
                and! stateVars = optional "stateVars" anyObject
                and! nextActivation = optional "nextActivation" instant
                and! retryCount = optional "retryCount" (whole 0 Int32.MaxValue)
                and! created = optional "created" instant
                and! started = optional "started" instant
                and! finished = optional "finished" instant
                and! parentExternalId = optional "parentExternalId" filledText
                and! awaitsChildren = optional "awaitsChildren" flag
                and! origin = required "origin" filledText

                return
                    ImportWorkflow(
                        ExternalId = externalId,
                        WorkflowType = workflowType,
                        BusinessKey = businessKey,
                        ExecutorGroup = executorGroup,
                        Priority = defaultArg priority WorkflowPriority.Default,
                        State = Option.toObj state,
                        Standing = defaultArg standing ImportStanding.Continues,
                        StateVars = (stateVars |> Option.map Variables.Parse |> Option.defaultWith Variables),
                        NextActivation = Option.toNullable nextActivation,
                        RetryCount = defaultArg retryCount 0,
                        Created = Option.toNullable created,
                        Started = Option.toNullable started,
                        Finished = Option.toNullable finished,
                        ParentExternalId = Option.toObj parentExternalId,
                        AwaitsChildren = defaultArg awaitsChildren false,
                        Origin = origin
                    )
            }
        )

    let import =
        object (
            fields {
                let! workflows = required "workflows" (listUpTo MostWorkflows workflow)
                and! dryRun = optional "dryRun" flag

                return {
                    Workflows = workflows
                    DryRun = defaultArg dryRun false
                }
            }
        )
