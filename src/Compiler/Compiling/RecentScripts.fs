namespace GopherFlow.Scripting

open System

/// What was compiled last, in memory: who deploys what was just checked does not wait for the compiler again.
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
