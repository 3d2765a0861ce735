namespace GopherFlow.Server

open System
open System.Threading
open System.Threading.Tasks

/// Runs up to `atOnce` pieces of work concurrently. Up to `waiting` more wait in a queue; further ones are refused.
type BoundedWork(atOnce: int, waiting: int) =
    let turns = new SemaphoreSlim(atOnce)
    let mutable inside = 0

    /// Runs the work when a slot is free. None: the queue is full.
    member _.Run(work: unit -> 'result, cancellation: CancellationToken) : Task<'result option> =
        task {
            try
                if Interlocked.Increment &inside > atOnce + waiting then
                    return None
                else
                    do! turns.WaitAsync cancellation

                    try
                        return Some(work ())
                    finally
                        turns.Release() |> ignore
            finally
                Interlocked.Decrement &inside |> ignore
        }

    interface IDisposable with
        member _.Dispose() = turns.Dispose()

/// Checking passwords is slow on purpose. Unknown clients share half of the cores for it; known clients have a queue of their own.
type PasswordWork(passwords: Passwords) =

    let forUnknown = new BoundedWork(max 1 (Environment.ProcessorCount / 2), 32)
    let forKnown = new BoundedWork(1, 32)

    let queueOf attempt =
        match attempt with
        | Attempt.Known -> forKnown
        | Attempt.Stranger -> forUnknown

    /// The user if the password is right. None: too many passwords are being checked.
    member _.Check(attempt, user, password, cancellation) =
        (queueOf attempt).Run((fun () -> passwords.Check(user, password)), cancellation)

    /// The hash to store. None: too many passwords are being checked.
    member _.Hash(username, password, cancellation) =
        forKnown.Run((fun () -> passwords.Hash(username, password)), cancellation)

    interface IDisposable with
        member _.Dispose() =
            (forUnknown :> IDisposable).Dispose()
            (forKnown :> IDisposable).Dispose()
