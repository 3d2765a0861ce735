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
    ExternalId: string
    ExecutorGroup: string
    WorkflowType: string
    BusinessKey: string
    /// The text of a JSON object.
    StateVars: string option
    Priority: int option
    Activation: FirstActivation
}

/// What the two waiting routes wait for.
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
}

/// POST /api/workflows/{id}/stateAndWait.
type StateAndWaitRequest = {
    Change: StateRequest
    Variable: VariableChange option
    FromStates: string list
    Wait: WaitRequest
}

/// The bodies of the API: one decoder each.
module Requests =

    open Values
    open Objects

    [<Literal>]
    let LargestPage = 1000

    [<Literal>]
    let private DefaultPage = 50

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

    let private notBoth first second path =
        FaultyField.create
            (if path = "" then second else $"{path}.{second}")
            (Some "both")
            $"either {first} or {second}"

    let private activation =
        fields {
            let! instant = optional "nextActivation" instant
            and! offset = optional "nextActivationOffset" (parsed Offset.Expected Offset.parse)
            return instant, offset
        }
        |> check (fun path activation ->
            match activation with
            | Some _, Some _ -> [ notBoth "nextActivation" "nextActivationOffset" path ]
            | _ -> [])

    let create =
        ofObject (
            fields {
                let! externalId = required "externalId" filledText
                and! executorGroup = required "executorGroup" filledText
                and! workflowType = required "workflowType" filledText
                and! businessKey = required "businessKey" filledText
                and! stateVars = optional "stateVars" anyObject

                and! priority =
                    optional "priority" (whole WorkflowPriority.First WorkflowPriority.Last)

                and! activation = activation

                return {
                    ExternalId = externalId
                    ExecutorGroup = executorGroup
                    WorkflowType = workflowType
                    BusinessKey = businessKey
                    StateVars = stateVars
                    Priority = priority
                    Activation =
                        match activation with
                        | Some instant, _ -> At instant
                        | None, Some offset -> After offset
                        | None, None -> Now
                }
            }
        )

    /// The reference polls each checkSeconds; here the commit ends the wait, and the number has nothing to do.
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

                return {
                    State = state
                    NextActivation = nextActivation
                }
            }
        )

    let variable =
        ofObject (
            fields {
                let! key = required "key" filledText
                and! value = required "value" anyJson
                return VariableChange(key.Trim(), value)
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

    let private statusNames = String.concat ", " WorkflowStatusNames.All

    let private status =
        parsed $"one of {statusNames}" (fun name ->
            match name, WorkflowStatusNames.TryParse name with
            | "", _ -> Some None
            | _, (true, status) -> Some(Some status)
            | _ -> None)

    let private given text =
        text |> Option.filter (fun text -> text <> "") |> Option.toObj

    let private givenOnes text =
        text |> Option.filter (fun text -> text <> "") |> Option.toArray

    let private givenId id =
        id |> Option.filter (fun id -> id > 0L) |> Option.toNullable

    /// Empty texts and 0 mean "any", as older clients send them.
    let search =
        ofObject (
            fields {
                let! id = optional "id" id
                and! externalId = optional "externalId" text
                and! executorGroup = optional "executorGroup" text
                and! workflowType = optional "workflowType" text
                and! businessKey = optional "businessKey" text
                and! state = optional "state" text
                and! status = optional "status" status
                and! parentWorkflowId = optional "parentWorkflowId" Values.id
                and! limit = optional "limit" (whole 0 LargestPage)
                and! offset = optional "offset" (whole 0 Int32.MaxValue)
                and! beforeId = optional "beforeId" Values.id

                return
                    WorkflowSearch(
                        Id = givenId id,
                        ExternalId = given externalId,
                        BusinessKey = given businessKey,
                        Filter =
                            WorkflowFilter(
                                ExecutorGroups = givenOnes executorGroup,
                                WorkflowTypes = givenOnes workflowType,
                                States = givenOnes state,
                                Statuses = (status |> Option.flatten |> Option.toArray),
                                ParentWorkflowId = givenId parentWorkflowId
                            ),
                        Limit =
                            (limit
                             |> Option.filter (fun limit -> limit > 0)
                             |> Option.defaultValue DefaultPage),
                        Offset = defaultArg offset 0,
                        BeforeId = givenId beforeId
                    )
            }
        )
