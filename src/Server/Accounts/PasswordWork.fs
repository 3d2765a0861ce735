namespace GopherFlow.Server

open System
open System.Threading
open System.Threading.Tasks

/// Runs `atOnce` pieces of work at a time. Up to `waiting` more wait for their turn; the rest are refused.
type BoundedWork(atOnce: int, waiting: int) =
    let turns = new SemaphoreSlim(atOnce)
    let mutable inside = 0

    /// Does the work when its turn has come. None: too many are waiting already.
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

/// Passwords are slow to check on purpose. Unknown clients share half of the cores for it; known ones have a queue of their own.
type PasswordWork(passwords: Passwords) =

    let ofStrangers = new BoundedWork(max 1 (Environment.ProcessorCount / 2), 32)
    let ofKnown = new BoundedWork(1, 32)

    let wayOf attempt =
        match attempt with
        | Attempt.Known -> ofKnown
        | Attempt.Stranger -> ofStrangers

    /// The user if the password is right. None: too many passwords are being checked.
    member _.Check(attempt, user, password, cancellation) =
        (wayOf attempt).Run((fun () -> passwords.Check(user, password)), cancellation)

    /// The hash to store. None: too many passwords are being checked.
    member _.Hash(username, password, cancellation) =
        ofKnown.Run((fun () -> passwords.Hash(username, password)), cancellation)

    interface IDisposable with
        member _.Dispose() =
            (ofStrangers :> IDisposable).Dispose()
            (ofKnown :> IDisposable).Dispose()
