namespace GopherFlow.Scripting

open GopherFlow.Authoring
open GopherFlow.Definitions

/// Derives other definitions from the one that a script creates.
module internal ScriptDefinition =

    /// The calls that the compiler weaves into the function stop it when its step is cancelled.
    let private limited (body: StateFunction) =
        StateFunction(fun step -> RunLimit.Within(step.Cancellation, (fun () -> body.Invoke step)))

    let private map
        (change: StateFunction -> StateFunction | null)
        (input: DataContract | null)
        (output: DataContract | null)
        (signal: SignalContract -> SignalContract)
        (version: string)
        (definition: WorkflowDefinition)
        =
        let states =
            definition.States
            |> Seq.map (fun state ->
                let body =
                    match state.Function with
                    | null -> null
                    | body -> change body

                StateDefinition(
                    state.Name,
                    state.Type,
                    state.GoesTo,
                    body,
                    state.Retry,
                    state.Timeout,
                    Signal =
                        (match state.Signal with
                         | null -> null
                         | awaited -> signal awaited),
                    Limits = state.Limits,
                    CompensatedBy = state.CompensatedBy
                ))
            |> Array.ofSeq

        WorkflowDefinition(
            definition.Name,
            definition.Description,
            states,
            definition.Retry,
            version,
            definition.CancelState,
            definition.Retention,
            definition.FailureState,
            Limits = definition.Limits,
            Webhooks = definition.Webhooks,
            Tracing = definition.Tracing,
            ChecksInput = definition.ChecksInput,
            InputContract = input,
            OutputContract = output
        )

    /// The definition to run: it has the script's version, and its functions stop when their step is cancelled.
    let forRunning (version: string) (definition: WorkflowDefinition) : WorkflowDefinition =
        map limited definition.InputContract definition.OutputContract id version definition

    /// The states and transitions only, without references to the script's assembly.
    let outline (version: string) (definition: WorkflowDefinition) : WorkflowDefinition =
        map (fun _ -> null) null null (fun awaited -> SignalContract awaited.Name) version definition

    /// A version set by hand is an error, because it could be the same for two different texts.
    let versionFault (source: ScriptSource) (definition: WorkflowDefinition) : Diagnostic option =
        if not definition.VersionIsByHand then
            None
        else
            Some(
                Diagnostic.fault
                    (Place.startOf source.Name)
                    Diagnostic.VersionByHand
                    $"The version of a script is made from its text; remove: version \"{definition.Version}\""
            )
