namespace GopherFlow.Scripting

open System
open System.Threading
open System.Threading.Tasks
open FSharp.Compiler.CodeAnalysis

/// Lets one computation at a time have the compiler, on a thread of its own with a stack that is big enough for the compiler's
/// recursion. The compiler stays warm; one whose computation had to be ended is thrown away.
type internal CompileQueue(limit: TimeSpan) =
    let turn = new SemaphoreSlim(1)

    /// Null until it is needed: a server whose scripts are all compiled never loads the compiler.
    let mutable checker: FSharpChecker | null = null

    let stackBytes = 268435456

    let currentChecker () =
        match checker with
        | null ->
            let made = FSharpChecker.Create()
            checker <- made
            made
        | made -> made

    /// Waits for its turn, which can be cancelled, and runs the computation to its end or its limit, which cannot.
    member _.Run(compile: CompilerTurn -> 'value, cancellation: CancellationToken) : Task<Ended<'value>> =
        task {
            do! turn.WaitAsync cancellation

            try
                let! ended, _ =
                    TimedRun.start "script compiler" stackBytes limit (fun stop ->
                        compile {
                            Checker = currentChecker ()
                            Stop = stop
                        })

                match ended with
                | Stopped
                | Unstoppable -> checker <- null
                | _ -> ()

                return ended
            finally
                turn.Release() |> ignore
        }

    interface IDisposable with
        member _.Dispose() = turn.Dispose()
