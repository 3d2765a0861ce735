namespace GopherFlow.Server

open System
open GopherFlow.Authoring
open GopherFlow.Rules
open GopherFlow.Storage

/// Which workflows are meant: the same object for a search and for a job.
module FilterRequests =

    open Values
    open Objects

    /// At most so many values of one kind.
    [<Literal>]
    let MostValues = 100

    let private texts name =
        optional name (listUpTo MostValues filledText)

    let private status =
        choice [
            for name in WorkflowStatusNames.All -> name, snd (WorkflowStatusNames.TryParse name)
        ]

    let private instants =
        fields {
            let! createdFrom = optional "createdFrom" instant
            and! createdBefore = optional "createdBefore" instant
            and! modifiedFrom = optional "modifiedFrom" instant
            and! modifiedBefore = optional "modifiedBefore" instant
            return createdFrom, createdBefore, modifiedFrom, modifiedBefore
        }

    let private rowId = {
        id with
            Expects = "the id of a workflow"
    }

    let filter =
        object (
            fields {
                let! types = texts "workflowTypes"
                and! versions = texts "versions"
                and! states = texts "states"
                and! statuses = optional "statuses" (listUpTo MostValues status)
                and! executorGroup = optional "executorGroup" filledText
                and! businessKey = optional "businessKey" filledText
                and! businessKeyPrefix = optional "businessKeyPrefix" filledText
                and! parentWorkflowId = optional "parentWorkflowId" rowId
                and! idFrom = optional "idFrom" rowId
                and! idTo = optional "idTo" rowId
                and! createdFrom, createdBefore, modifiedFrom, modifiedBefore = instants

                return
                    WorkflowFilter(
                        WorkflowTypes = defaultArg types [],
                        Versions = defaultArg versions [],
                        States = defaultArg states [],
                        Statuses = defaultArg statuses [],
                        ExecutorGroup = Option.toObj executorGroup,
                        BusinessKey = Option.toObj businessKey,
                        BusinessKeyPrefix = Option.toObj businessKeyPrefix,
                        ParentWorkflowId = Option.toNullable parentWorkflowId,
                        IdFrom = Option.toNullable idFrom,
                        IdTo = Option.toNullable idTo,
                        CreatedFrom = Option.toNullable createdFrom,
                        CreatedBefore = Option.toNullable createdBefore,
                        ModifiedFrom = Option.toNullable modifiedFrom,
                        ModifiedBefore = Option.toNullable modifiedBefore
                    )
            }
        )

    let private statusNames = String.concat ", " WorkflowStatusNames.All

    /// An empty text means any, as older clients send it.
    let private oneStatus =
        parsed $"one of {statusNames}" (fun name ->
            match name, WorkflowStatusNames.TryParse name with
            | "", _ -> Some None
            | _, (true, status) -> Some(Some status)
            | _ -> None)

    let private given text =
        text |> Option.filter (fun text -> text <> "") |> Option.toObj

    let private givenId id =
        id |> Option.filter (fun id -> id > 0L) |> Option.toNullable

    /// POST /api/workflows/search. Empty texts and 0 mean "any", as older clients send them.
    let search =
        object (
            fields {
                let! id = optional "id" Values.id
                and! externalId = optional "externalId" text
                and! executorGroup = optional "executorGroup" text
                and! workflowType = optional "workflowType" text
                and! businessKey = optional "businessKey" text
                and! state = optional "state" text
                and! status = optional "status" oneStatus
                and! parentWorkflowId = optional "parentWorkflowId" Values.id
                and! limit = optional "limit" (whole 0 Page.Largest)
                and! offset = optional "offset" (whole 0 Int32.MaxValue)
                and! cursor = optional "cursor" (parsed Page.CursorExpected Page.tryCursor)

                return
                    WorkflowSearch(
                        Id = givenId id,
                        ExternalId = given externalId,
                        ExecutorGroup = given executorGroup,
                        WorkflowType = given workflowType,
                        BusinessKey = given businessKey,
                        State = given state,
                        Status = (status |> Option.flatten |> Option.toNullable),
                        ParentWorkflowId = givenId parentWorkflowId,
                        Limit =
                            (limit
                             |> Option.filter (fun limit -> limit > 0)
                             |> Option.defaultValue Page.Usual),
                        Offset = defaultArg offset 0,
                        BeforeId = Option.toNullable cursor
                    )
            }
        )
