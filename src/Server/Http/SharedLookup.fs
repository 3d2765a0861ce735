namespace GopherFlow.Server

open System.Collections.Generic
open System.Threading
open System.Threading.Tasks

/// Combines concurrent look-ups of the same row into one read. Every caller gets a read that began after its call, so it sees all earlier
/// changes. A read begins when the thread pool schedules it: the busier the process, the more callers share it.
[<Sealed>]
type SharedLookup<'row>(read: string -> Task<'row>) =

    let gate = Lock()
    /// The keys that are being read, each with the next read, if a caller is waiting for one.
    let waiting = Dictionary<string, TaskCompletionSource<'row> option>()

    let start key =
        lock gate (fun () ->
            let asked = waiting[key]

            match asked with
            | Some _ -> waiting[key] <- None
            | None -> waiting.Remove key |> ignore

            asked)

    let answer (key: string) (asked: TaskCompletionSource<'row>) =
        task {
            try
                let! row = read key
                asked.SetResult row
            with failure ->
                asked.SetException failure
        }

    let readFor (key: string) =
        task {
            do! Task.Yield()
            let mutable asked = start key

            while asked.IsSome do
                do! answer key asked.Value
                do! Task.Yield()
                asked <- start key
        }

    /// The row of a key.
    member _.FindAsync(key: string, cancellation: CancellationToken) : Task<'row> =
        let asked, isFirst =
            lock gate (fun () ->
                match waiting.TryGetValue key with
                | true, Some asked -> asked, false
                | inWork, _ ->
                    let asked =
                        TaskCompletionSource<'row> TaskCreationOptions.RunContinuationsAsynchronously

                    waiting[key] <- Some asked
                    asked, not inWork)

        if isFirst then
            readFor key |> ignore

        asked.Task.WaitAsync cancellation
