namespace GopherFlow.Scripting

open System
open System.Collections.Generic
open System.IO
open System.Reflection
open GopherFlow.Authoring

/// Reads from the compiled code of a state function, and of what it calls, where it goes. It rather gives up than misses a target, which
/// would be an error when the workflow runs.
module internal TargetReader =

    /// What the function has brought along is there to be looked at: the other function that it calls, the name of a target.
    let rec private bring (knowledge: Knowledge) (seen: HashSet<obj>) (brought: obj) =
        let kind = brought.GetType()

        if not (knowledge.IsAuthors kind.Assembly && KnownTypes.isFunction kind) then
            knowledge.OpenIf true
        elif seen.Add brought then
            knowledge.Make kind

            for field in KnownTypes.fieldsOf kind do
                let hold = knowledge.Flow(FieldOf(field.Module, field.MetadataToken))

                match field.GetValue brought with
                | null -> ()
                | :? string as text -> hold [ Text text ]
                | :? NextState as next ->
                    // One that only undoes has none.
                    if next.Target <> "" then
                        knowledge.AddTarget next.Target

                    next.Deadline
                    |> Option.ofNullable
                    |> Option.iter (fun late -> knowledge.AddTarget late.State)
                | value when KnownTypes.isFunction (value.GetType()) ->
                    hold [ Function(value.GetType()) ]
                    bring knowledge seen value
                | _ ->
                    hold [ Unknown ]
                    knowledge.OpenIf(KnownTypes.mentionsNext field.FieldType)

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
            bring knowledge (HashSet<obj> HashIdentity.Reference) body
            knowledge.Escape [ Function(body.GetType()) ]
            List.iter walk knowledge.Reached

        if knowledge.IsOpen then None else Some knowledge.Targets

    /// <summary>The names of the states to which a function goes.</summary>
    /// <param name="body">A function of F#.</param>
    /// <returns>None when the code computes a name, or is not there to be read.</returns>
    let read (body: obj) : Set<string> option =
        try
            readAll body
        with
        | :? IOException
        | :? TypeLoadException
        | :? MissingMemberException
        | :? BadImageFormatException
        | :? ArgumentException
        | :? NotSupportedException -> None
