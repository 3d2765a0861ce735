namespace GopherFlow.Scripting

open System.Threading
open FSharp.Compiler.CodeAnalysis

/// The compiler for as long as it is somebody's turn, on a thread with a big stack.
type internal CompilerTurn = {
    Checker: FSharpChecker
    Stop: CancellationToken
} with

    /// Waits for what the compiler does. Awaiting it instead would continue with the next step on a thread of the pool, whose stack
    /// is too small for what the compiler does with a long list.
    member turn.Wait(computation: Async<'value>) : 'value =
        Async.StartImmediateAsTask(computation, turn.Stop).GetAwaiter().GetResult()
