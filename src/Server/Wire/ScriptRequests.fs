namespace GopherFlow.Server

/// POST /api/scripts/check.
type CheckRequest = { Name: string; Source: string }

/// POST /api/scripts/try.
type TryRequest = {
    Name: string
    Source: string
    /// The text of a JSON object.
    StateVars: string option
    StepLimit: int option
    TimeLimitSeconds: int option
}

/// PUT /api/scripts/{name}.
type DeployRequest = { Source: string }

/// POST /api/scripts/{name}/rollback.
type RollbackRequest = { Version: string option }

/// POST /api/definitions/{name}/move.
type MoveVersionsRequest = {
    From: string
    To: string
    States: Map<string, string>
    WorkflowIds: int64 list
    DryRun: bool
}

/// Decoders for the request bodies of scripts and versions.
module internal ScriptRequests =

    open Values
    open Objects

    [<Literal>]
    let MostNamedWorkflows = 1000

    [<Literal>]
    let MostSteps = 10000

    [<Literal>]
    let MostSeconds = 60

    let private ofObject fields = Objects.object fields

    let check: Decoder<CheckRequest> =
        ofObject (
            fields {
                let! name = required "name" filledText
                and! source = required "source" text
                return { Name = name; Source = source }
            }
        )

    let tryOut: Decoder<TryRequest> =
        ofObject (
            fields {
                let! name = required "name" filledText
                and! source = required "source" text
                and! stateVars = optional "stateVars" anyObject
                and! stepLimit = optional "stepLimit" (whole 1 MostSteps)
                and! timeLimit = optional "timeLimitSeconds" (whole 1 MostSeconds)

                return {
                    Name = name
                    Source = source
                    StateVars = stateVars
                    StepLimit = stepLimit
                    TimeLimitSeconds = timeLimit
                }
            }
        )

    let deploy: Decoder<DeployRequest> =
        ofObject (
            fields {
                let! source = required "source" text
                return { Source = source }
            }
        )

    let rollback: Decoder<RollbackRequest> =
        ofObject (
            fields {
                let! version = optional "version" filledText
                return { Version = version }
            }
        )

    let move: Decoder<MoveVersionsRequest> =
        ofObject (
            fields {
                let! from = required "from" filledText
                and! target = required "to" filledText
                and! states = optional "states" (mapOf filledText)
                and! workflowIds = optional "workflowIds" (listUpTo MostNamedWorkflows Values.id)
                and! dryRun = optional "dryRun" flag

                return {
                    From = from
                    To = target
                    States = defaultArg states Map.empty
                    WorkflowIds = defaultArg workflowIds []
                    DryRun = defaultArg dryRun true
                }
            }
        )
