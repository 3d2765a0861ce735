namespace GopherFlow.Scripting

open System

/// The last compiled scripts, in memory, so that deploying a script that has just been checked does not compile it again.
type internal RecentScripts() =
    let kept = 16
    let gate = obj ()
    let mutable newestFirst: (string * CompiledScript) list = []

    member _.TryFind(key: string) : CompiledScript option =
        lock gate (fun () -> newestFirst |> List.tryFind (fun (known, _) -> known = key) |> Option.map snd)

    member _.Add(key: string, compiled: CompiledScript) : unit =
        lock gate (fun () ->
            let others = newestFirst |> List.filter (fun (known, _) -> known <> key)
            newestFirst <- List.truncate kept ((key, compiled) :: others))
