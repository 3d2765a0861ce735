namespace GopherFlow.Scripting

open System
open System.Collections.Generic
open System.IO
open System.Reflection

/// Reads the targets of a state function from its compiled code and the code that it calls. It gives up rather than miss a target,
/// because a missing target would be an error when the workflow runs.
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

    /// <summary>The target states of a function, in the order in which its code names them.</summary>
    /// <param name="body">An F# function.</param>
    /// <returns>None when the code computes a name or its IL is not available.</returns>
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
