namespace GopherFlow.Server

open System
open GopherFlow.Authoring
open GopherFlow.Rules
open GopherFlow.Storage

/// POST /api/session.
type SignInRequest = { Username: string; Password: string }

/// When a new workflow is due.
type FirstActivation =
    | Now
    | At of DateTimeOffset
    | After of TimeSpan

/// POST /api/workflows.
type CreateRequest = {
    /// None if it is taken from the header Idempotency-Key.
    ExternalId: string option
    ExecutorGroup: string
    WorkflowType: string
    BusinessKey: string
    /// The text of a JSON object.
    StateVars: string option
    Priority: int option
    /// None: the business key is used.
    LimitKey: string option
    Activation: FirstActivation
}

/// The states to wait for and the timeout, for createAndWait and stateAndWait.
type WaitRequest = { Seconds: int; States: string list }

/// POST /api/createAndWait.
type CreateAndWaitRequest = {
    Create: CreateRequest
    Wait: WaitRequest
}

/// POST /api/workflows/{id}/state.
type StateRequest = {
    State: string
    NextActivation: DateTimeOffset option
    FromStates: string list
    /// Whether to leave a Manual state for a target that it does not declare.
    Force: bool
}

/// POST /api/workflows/{id}/stateAndWait.
type StateAndWaitRequest = {
    Change: StateRequest
    Variable: VariableChange option
    FromStates: string list
    Wait: WaitRequest
}

/// Decoders for the request bodies that create a workflow, wait for one, or sign in.
module internal Requests =

    open Values
    open Objects

    let private ofObject fields = Objects.object fields

    let signIn =
        ofObject (
            fields {
                let! username = required "username" text
                and! password = required "password" secret

                return {
                    Username = username
                    Password = password
                }
            }
        )

    let private notBoth (first: string) second (faults: Faults) path =
        faults.Add(JsonPath.Member(path, second), Some "both", $"either {first} or {second}")

    let private activation =
        fields {
            let! instant = optional "nextActivation" instant
            and! offset = optional "nextActivationOffset" (parsed Offset.Expected Offset.parse)
            return instant, offset
        }
        |> check (fun faults path activation ->
            match activation with
            | Some _, Some _ -> notBoth "nextActivation" "nextActivationOffset" faults path
            | _ -> ())

    let private createWith (externalId: Fields<string option>) =
        ofObject (
            fields {
                let! externalId = externalId
                and! executorGroup = required "executorGroup" filledText
                and! workflowType = required "workflowType" filledText
                and! businessKey = required "businessKey" filledText
                and! stateVars = optional "stateVars" anyObject

                and! priority =
                    optional "priority" (whole WorkflowPriority.First WorkflowPriority.Last)

                and! limitKey = optional "limitKey" filledText
                and! activation = activation

                return {
                    ExternalId = externalId
                    ExecutorGroup = executorGroup
                    WorkflowType = workflowType
                    BusinessKey = businessKey
                    StateVars = stateVars
                    Priority = priority
                    LimitKey = limitKey
                    Activation =
                        match activation with
                        | Some instant, _ -> At instant
                        | None, Some offset -> After offset
                        | None, None -> Now
                }
            }
        )

    let create =
        createWith (
            fields {
                let! externalId = required "externalId" filledText
                return Some externalId
            }
        )

    /// For a request whose header Idempotency-Key may replace the external id.
    let createWithKey = createWith (optional "externalId" filledText)

    /// The Go system polls every checkSeconds. Here the commit ends the wait, so checkSeconds has no effect.
    let private wait =
        fields {
            let! seconds = optional "waitSeconds" integer
            and! _ = optional "checkSeconds" anyNumber
            and! states = optional "waitForStates" (listOf filledText)

            return {
                Seconds = defaultArg seconds 1
                States = defaultArg states []
            }
        }

    let createAndWait: Decoder<CreateAndWaitRequest> =
        ofObject (
            fields {
                let! create = required "createWorkflowRequest" create
                and! wait = wait
                return { Create = create; Wait = wait }
            }
        )

    let state =
        ofObject (
            fields {
                let! state = required "state" filledText
                and! nextActivation = optional "nextActivation" instant
                and! fromStates = optional "fromStates" (listOf filledText)
                and! force = optional "force" flag

                return {
                    State = state
                    NextActivation = nextActivation
                    FromStates = defaultArg fromStates []
                    Force = defaultArg force false
                }
            }
        )

    /// A variable to set, with the expected previous value; null expects that the variable does not exist.
    let variable =
        ofObject (
            fields {
                let! key = required "key" filledText
                and! value = required "value" anyJson
                and! expected = optionalOrNull "expected" anyJson
                return VariableRequests.set key value expected
            }
        )

    let stateAndWait =
        ofObject (
            fields {
                let! change = required "updateWorkflowStateRequest" state
                and! variable = optional "updateStateVarRequest" variable
                and! fromStates = optional "fromStates" (listOf filledText)
                and! wait = wait

                return {
                    Change = change
                    Variable = variable
                    FromStates = defaultArg fromStates []
                    Wait = wait
                }
            }
        )
