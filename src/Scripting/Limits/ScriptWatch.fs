namespace GopherFlow.Scripting

open System
open System.ComponentModel
open System.Runtime.CompilerServices
open System.Diagnostics
open System.Threading

/// <summary>
/// What the compiled code of each script calls at the beginning of each function and in each round of a loop, so that a run that
/// is over ends there, and a recursion without end is an exception instead of the end of the process. Not for use by authors.
/// </summary>
[<AbstractClass; Sealed; EditorBrowsable(EditorBrowsableState.Never)>]
type ScriptWatch =

    static let isCaught (frame: StackFrame) =
        match frame.GetMethod() with
        | null -> false
        | code ->
            match code.DeclaringType with
            | null -> false
            | owner ->
                owner.Namespace = "System.Threading.Tasks"
                || owner.Namespace = "Microsoft.FSharp.Control"
                || typeof<IAsyncStateMachine>.IsAssignableFrom owner

    /// On a thread that the script has started by itself nobody would catch the exception, which would end the process. Such a
    /// thread sleeps for good.
    static let stop (limit: RunLimit) =
        if not (limit.IsAtHome || StackTrace().GetFrames() |> Array.exists isCaught) then
            Thread.CurrentThread.IsBackground <- true
            Thread.Sleep Timeout.Infinite

        raise (OperationCanceledException("The limit of this run has passed.", limit.Token))

    /// <summary>Called in each round of a loop.</summary>
    /// <exception cref="T:System.OperationCanceledException">The run that the code belongs to is over.</exception>
    static member Round() : unit =
        match RunLimit.Current with
        | null -> ()
        | limit when limit.IsOver -> stop limit
        | _ -> ()

    /// <summary>Called at the beginning of each function.</summary>
    /// <exception cref="T:System.OperationCanceledException">The run that the code belongs to is over.</exception>
    /// <exception cref="T:System.InsufficientExecutionStackException">The code recurses too deep.</exception>
    static member Enter() : unit =
        RuntimeHelpers.EnsureSufficientExecutionStack()
        ScriptWatch.Round()
