/// Which queries live events make out of date.
module GopherFlow.Client.Api.Invalidation

open GopherFlow.Contract
open GopherFlow.Client.Api.Types

type Changed = { Last: WorkflowEvent; IsNew: bool }

/// What has changed since the last read.
type Changes = {
    Workflows: Map<string, Changed>
    Parents: Set<string>
    Definitions: Set<string>
    /// The types of the workflows.
    Types: Set<string>
    Scripts: bool
    Everything: bool
    /// Whether a list has rows to read again that its last answer did not contain.
    Lists: bool
}

let nothing = {
    Workflows = Map.empty
    Parents = Set.empty
    Definitions = Set.empty
    Types = Set.empty
    Scripts = false
    Everything = false
    Lists = false
}

let private addWorkflow (change: WorkflowEvent) (changes: Changes) =
    let id = string change.Id

    let wasNew = changes.Workflows.TryFind id |> Option.exists _.IsNew

    {
        changes with
            Types = changes.Types.Add change.WorkflowType
            Workflows =
                changes.Workflows.Add(
                    id,
                    {
                        Last = change
                        IsNew = wasNew || change.PreviousState.IsNone
                    }
                )
            Parents =
                change.ParentWorkflowId
                |> Option.map (fun parent -> changes.Parents.Add(string parent))
                |> Option.defaultValue changes.Parents
    }

let add (changes: Changes) (event: LiveEvent) : Changes =
    match event with
    | Resync -> { changes with Everything = true }
    | DefinitionChanged name -> {
        changes with
            Definitions = changes.Definitions.Add name
      }
    | ScriptsChanged -> { changes with Scripts = true }
    | WorkflowChanged change -> addWorkflow change changes

let addAll (events: LiveEvent list) (changes: Changes) : Changes = List.fold add changes events

/// Whether a workflow needs a person now, or is in the cached page of those that do.
let private needsOrNeeded (shown: WorkflowPage option) (id: string) (change: WorkflowEvent) =
    Attention.isNeeding change.Status
    || match shown with
       | Some page -> page.Workflows |> List.exists (fun row -> string row.Id = id)
       | None -> true

/// Whether a query has to be fetched again after these changes. `listed` returns the cached list of a key, `shown` the cached
/// page.
let touches
    (changes: Changes)
    (listed: string list -> Listing.Listing option)
    (shown: string list -> WorkflowPage option)
    (key: string list)
    : bool =
    let changed (id: string) = changes.Workflows.ContainsKey id

    match key with
    | "session" :: _ -> false
    | _ when changes.Everything -> true
    // A change of a child may change its parent's count of open children.
    | "workflow" :: id :: _ -> changed id || changes.Parents.Contains id
    | "actions" :: id :: _
    | "history" :: id :: _
    | "path" :: id :: _
    | "signals" :: id :: _ -> changed id
    | "family" :: parent :: _
    | "children" :: parent :: _ -> changes.Parents.Contains parent || changed parent
    | "workflows" :: _ -> listed key |> Option.forall Listing.isBehind
    // A resumed stream only reports that scripts have changed, and a script may have changed a definition.
    | "definition" :: name :: _ -> changes.Scripts || changes.Definitions.Contains name
    | "definitions" :: _ -> changes.Scripts || not changes.Definitions.IsEmpty
    | "counts" :: _ -> not changes.Types.IsEmpty
    // These show how many workflows are unfinished.
    | "versions" :: name :: _ ->
        changes.Scripts
        || changes.Definitions.Contains name
        || changes.Types.Contains name
    | "script" :: name :: _ -> changes.Scripts || changes.Types.Contains name
    | "scripts" :: _ -> changes.Scripts || not changes.Types.IsEmpty
    | [ "attention" ] ->
        changes.Workflows
        |> Map.exists (fun id change -> needsOrNeeded (shown key) id change.Last)
    | _ -> false
