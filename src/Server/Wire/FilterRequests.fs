namespace GopherFlow.Server

open System
open GopherFlow.Authoring
open GopherFlow.Rules
open GopherFlow.Storage

/// POST /api/workflows/search.
type SearchRequest = {
    Id: int64 option
    ExternalId: string option
    BusinessKey: string option
    Filter: WorkflowFilter
    Limit: int
    Offset: int
    Cursor: int64 option
    WithVariables: bool
}

module private Filters =

    /// Copies a filter and replaces the values that older clients send as separate fields.
    let narrowed groups types states statuses (parent: int64 option) (filter: WorkflowFilter) =
        WorkflowFilter(
            ExecutorGroups = groups,
            WorkflowTypes = types,
            States = states,
            Statuses = statuses,
            ParentWorkflowId = Option.toNullable parent,
            Versions = filter.Versions,
            BusinessKey = filter.BusinessKey,
            BusinessKeyPrefix = filter.BusinessKeyPrefix,
            WithoutParent = filter.WithoutParent,
            WaitsFor = filter.WaitsFor,
            IdFrom = filter.IdFrom,
            IdTo = filter.IdTo,
            CreatedFrom = filter.CreatedFrom,
            CreatedBefore = filter.CreatedBefore,
            ModifiedFrom = filter.ModifiedFrom,
            ModifiedBefore = filter.ModifiedBefore,
            FinishedFrom = filter.FinishedFrom,
            FinishedBefore = filter.FinishedBefore
        )

/// The filter that selects workflows: the same object in searches and jobs.
module internal FilterRequests =

    open Values
    open Objects

    /// The maximum number of values of one field.
    [<Literal>]
    let MostValues = 100

    let private texts name =
        optional name (listUpTo MostValues filledText)

    let private status =
        choice [
            for name in WorkflowStatusNames.All -> name, snd (WorkflowStatusNames.TryParse name)
        ]

    let private waits =
        choice [
            "children", WaitReason.Children
            "person", WaitReason.Person
            "signal", WaitReason.Signal
            "retry", WaitReason.Retry
            "resume", WaitReason.Resume
            "activation", WaitReason.Activation
            "executor", WaitReason.Executor
            "limit", WaitReason.Limit
        ]

    let private instants =
        fields {
            let! createdFrom = optional "createdFrom" instant
            and! createdBefore = optional "createdBefore" instant
            and! modifiedFrom = optional "modifiedFrom" instant
            and! modifiedBefore = optional "modifiedBefore" instant
            and! finishedFrom = optional "finishedFrom" instant
            and! finishedBefore = optional "finishedBefore" instant
            return createdFrom, createdBefore, modifiedFrom, modifiedBefore, finishedFrom, finishedBefore
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
                and! executorGroups = texts "executorGroups"
                and! businessKey = optional "businessKey" filledText
                and! businessKeyPrefix = optional "businessKeyPrefix" filledText
                and! parentWorkflowId = optional "parentWorkflowId" rowId
                and! idFrom = optional "idFrom" rowId
                and! idTo = optional "idTo" rowId
                and! waitsFor = optional "waitsFor" (listUpTo MostValues waits)
                and! withoutParent = optional "withoutParent" flag

                and! createdFrom, createdBefore, modifiedFrom, modifiedBefore, finishedFrom, finishedBefore =
                    instants

                return
                    WorkflowFilter(
                        WorkflowTypes = defaultArg types [],
                        Versions = defaultArg versions [],
                        States = defaultArg states [],
                        Statuses = defaultArg statuses [],
                        ExecutorGroups = defaultArg executorGroups [],
                        BusinessKey = Option.toObj businessKey,
                        BusinessKeyPrefix = Option.toObj businessKeyPrefix,
                        ParentWorkflowId = Option.toNullable parentWorkflowId,
                        IdFrom = Option.toNullable idFrom,
                        IdTo = Option.toNullable idTo,
                        CreatedFrom = Option.toNullable createdFrom,
                        CreatedBefore = Option.toNullable createdBefore,
                        ModifiedFrom = Option.toNullable modifiedFrom,
                        ModifiedBefore = Option.toNullable modifiedBefore,
                        FinishedFrom = Option.toNullable finishedFrom,
                        FinishedBefore = Option.toNullable finishedBefore,
                        WaitsFor = defaultArg waitsFor [],
                        WithoutParent = defaultArg withoutParent false
                    )
            }
        )

    let private statusNames = String.concat ", " WorkflowStatusNames.All

    /// Older clients send an empty text for any status.
    let private oneStatus =
        parsed $"one of {statusNames}" (fun name ->
            match name, WorkflowStatusNames.TryParse name with
            | "", _ -> Some None
            | _, (true, status) -> Some(Some status)
            | _ -> None)

    let private given text =
        text |> Option.filter (fun text -> text <> "")

    /// Either the separate field of older clients or the list in the filter; both together are an error.
    let private either (faults: Faults) path name listName (single: 'value option) (several: 'value seq) =
        match single, List.ofSeq several with
        | None, several -> several
        | Some one, [] -> [ one ]
        | Some _, _ ->
            faults.Add(JsonPath.Member(path, name), Some "both", $"either {name} or filter.{listName}")
            []

    let private singles =
        fields {
            let! executorGroup = optional "executorGroup" text
            and! workflowType = optional "workflowType" text
            and! state = optional "state" text
            and! status = optional "status" oneStatus
            and! parentWorkflowId = optional "parentWorkflowId" Values.id

            return given executorGroup, given workflowType, given state, Option.flatten status, parentWorkflowId
        }

    let private everything = WorkflowFilter()

    /// The filter, combined with the separate fields of older clients.
    let private meant =
        fields {
            let! filter = optional "filter" filter
            and! singles = singles
            return defaultArg filter everything, singles
        }
        |> refine (fun faults path (filter, (group, workflowType, state, status, parent)) ->
            let parent = parent |> Option.filter (fun id -> id > 0L)

            if parent.IsSome && filter.ParentWorkflowId.HasValue then
                faults.Add(
                    JsonPath.Member(path, "parentWorkflowId"),
                    Some "both",
                    "either parentWorkflowId or filter.parentWorkflowId"
                )

            Filters.narrowed
                (either faults path "executorGroup" "executorGroups" group filter.ExecutorGroups)
                (either faults path "workflowType" "workflowTypes" workflowType filter.WorkflowTypes)
                (either faults path "state" "states" state filter.States)
                (either faults path "status" "statuses" status filter.Statuses)
                (parent |> Option.orElse (Option.ofNullable filter.ParentWorkflowId))
                filter)

    /// POST /api/workflows/search. Older clients send empty texts and 0 for "any".
    let search =
        object (
            fields {
                let! id = optional "id" Values.id
                and! externalId = optional "externalId" text
                and! businessKey = optional "businessKey" text
                and! meant = meant
                and! limit = optional "limit" (whole 0 Page.Largest)
                and! offset = optional "offset" (whole 0 Int32.MaxValue)
                and! cursor = optional "cursor" (parsed Page.CursorExpected Page.tryCursor)
                and! withVariables = optional "withVariables" flag

                return {
                    Id = id |> Option.filter (fun id -> id > 0L)
                    ExternalId = given externalId
                    BusinessKey = given businessKey
                    Filter = meant
                    Limit =
                        limit
                        |> Option.filter (fun limit -> limit > 0)
                        |> Option.defaultValue Page.Usual
                    Offset = defaultArg offset 0
                    Cursor = cursor
                    WithVariables = defaultArg withVariables true
                }
            }
        )
