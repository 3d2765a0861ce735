namespace GopherFlow.Scripting

open System
open GopherFlow.Definitions

/// What becomes of the definition that a script has made.
module internal ScriptDefinition =

    /// The same machine under the version of the script.
    let withVersion (version: string) (definition: WorkflowDefinition) : WorkflowDefinition =
        WorkflowDefinition(definition.Name, definition.Description, definition.States, definition.Retry, version)

    /// The machine alone: nothing in it refers to the script.
    let outline (version: string) (definition: WorkflowDefinition) : WorkflowDefinition =
        let states =
            definition.States
            |> Seq.map (fun state ->
                StateDefinition(state.Name, state.Type, state.GoesTo, null, state.Retry, state.Timeout))
            |> Array.ofSeq

        WorkflowDefinition(definition.Name, definition.Description, states, definition.Retry, version)

    /// A version set by hand would be the same for two different texts.
    let versionFault (source: ScriptSource) (definition: WorkflowDefinition) : Diagnostic option =
        let fromShape =
            WorkflowDefinition(definition.Name, definition.Description, definition.States, definition.Retry)

        if String.Equals(definition.Version, fromShape.Version) then
            None
        else
            Some(
                Diagnostic.fault
                    (Place.startOf source.Name)
                    Diagnostic.VersionByHand
                    $"The version of a script is made from its text; remove: version \"{definition.Version}\""
            )
