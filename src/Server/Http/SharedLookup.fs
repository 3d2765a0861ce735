namespace GopherFlow.Server

open System.Collections.Generic
open System.Threading
open System.Threading.Tasks

/// Reads a row once for all who ask for it at the same time. Everybody gets a read that began after they had asked, so what was changed before
/// the question is seen: whoever asks while the row is being read waits for the next read, which all who wait share.
[<Sealed>]
type SharedLookup<'row>(read: string -> Task<'row>) =

    let gate = Lock()
    /// The keys that are being read, each with the read that follows if anybody waits for it.
    let reading = Dictionary<string, TaskCompletionSource<'row> option>()

    let next key =
        lock gate (fun () ->
            let following = reading[key]

            match following with
            | Some _ -> reading[key] <- None
            | None -> reading.Remove key |> ignore

            following)

    let readFor (key: string) (first: TaskCompletionSource<'row>) =
        task {
            let mutable current = Some first

            while current.IsSome do
                let asked = current.Value

                try
                    let! row = read key
                    asked.SetResult row
                with failure ->
                    asked.SetException failure

                current <- next key
        }

    let create () =
        TaskCompletionSource<'row> TaskCreationOptions.RunContinuationsAsynchronously

    /// The row of a key.
    member _.FindAsync(key: string, cancellation: CancellationToken) : Task<'row> =
        let asked, isFirst =
            lock gate (fun () ->
                match reading.TryGetValue key with
                | true, Some following -> following, false
                | true, None ->
                    let following = create ()
                    reading[key] <- Some following
                    following, false
                | _ ->
                    reading[key] <- None
                    create (), true)

        if isFirst then
            readFor key asked |> ignore

        asked.Task.WaitAsync cancellation
