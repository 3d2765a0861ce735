namespace GopherFlow.Scripting

open System
open System.Collections.Generic
open System.IO
open System.Reflection

/// Reads from the compiled code of a state function, and of what it calls, where it goes. It rather gives up than misses a target, which
/// would be an error when the workflow runs.
module internal TargetReader =

    let private readAll (body: obj) =
        let knowledge = Knowledge()
        let calls = CodeCalls knowledge
        let walks = Dictionary<MethodBase, MethodWalk>()

        let walk code =
            if not (walks.ContainsKey code) then
                walks[code] <- MethodWalk(knowledge, calls, code)

            walks[code].Go()

        while knowledge.HasGrown do
            knowledge.BeginRound()
            knowledge.Bring body
            knowledge.Escape [ Function(body.GetType()) ]
            List.iter walk knowledge.Reached

        if knowledge.IsOpen then None else Some knowledge.Targets

    /// <summary>The names of the states to which a function goes, in the order in which its code says so.</summary>
    /// <param name="body">A function of F#.</param>
    /// <returns>None when the code computes a name, or is not there to be read.</returns>
    let read (body: obj) : string list option =
        try
            readAll body
        with
        | :? IOException
        | :? TypeLoadException
        | :? MissingMemberException
        | :? BadImageFormatException
        | :? ArgumentException
        | :? NotSupportedException -> None
