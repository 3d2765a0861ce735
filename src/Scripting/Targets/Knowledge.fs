namespace GopherFlow.Scripting

open System
open System.Collections.Generic
open System.Reflection
open GopherFlow.Authoring

/// A value in the analysis: a string, a function, or anything else.
type internal Known =
    | Text of string
    /// A function, identified by the class that F# compiles it to.
    | Function of Type
    | Unknown

/// A storage location. All calls of a method share one, and so do all objects of a class.
type internal Holder =
    /// Argument 0 is the object itself. The arguments of static methods are counted from 1 too.
    | ArgumentOf of MethodBase * int
    | ResultOf of MethodBase
    | FieldOf of Module * int

module internal Known =

    let both (one: Known list) (other: Known list) =
        match List.except one other with
        | [] -> one
        | more -> one @ more

/// The facts collected so far about the code that a state function reaches. They only grow, so the fixed-point iteration terminates.
type internal Knowledge() =
    /// The analysis gives up on code that reaches more methods than this.
    let maxMethods = 1000

    let held = Dictionary<Holder, Known list>()
    let reached = HashSet<MethodBase>()
    let authors = Dictionary<Assembly, bool>()
    let targets = List<string>()
    let brought = HashSet<obj> HashIdentity.Reference
    let mutable isOpen = false
    let mutable hasGrown = true

    /// Only an assembly that references GopherFlow can contain code that names a target.
    let refersToGopherFlow (assembly: Assembly) =
        let gopherFlow = [ typeof<NextState>.Assembly; typeof<Known>.Assembly ]
        let names = gopherFlow |> List.map _.GetName().Name

        not (List.contains assembly gopherFlow)
        && assembly.GetReferencedAssemblies()
           |> Array.exists (fun one -> List.contains one.Name names)

    /// Whether new facts were found since the current round began.
    member _.HasGrown = hasGrown

    /// The targets found in this round, in the order in which the code names them.
    member _.Targets = targets |> Seq.distinct |> List.ofSeq

    /// Whether the code has targets that this round could not determine.
    member _.IsOpen = isOpen

    member _.Reached = List.ofSeq reached

    member _.BeginRound() =
        hasGrown <- false
        isOpen <- false
        targets.Clear()
        brought.Clear()

    member _.OpenIf(condition: bool) = isOpen <- isOpen || condition

    member _.AddTarget(name: string) = targets.Add name

    member _.IsAuthors(assembly: Assembly) =
        match authors.TryGetValue assembly with
        | true, known -> known
        | _ ->
            authors[assembly] <- refersToGopherFlow assembly
            authors[assembly]

    member _.ValueOf(holder: Holder) =
        match held.TryGetValue holder with
        | true, known -> known
        | _ -> []

    member knowledge.Flow (holder: Holder) (values: Known list) =
        let before = knowledge.ValueOf holder
        let after = Known.both before values

        if after.Length > before.Length then
            held[holder] <- after
            hasGrown <- true

    member _.Reach(code: MethodBase) =
        if reached.Contains code then ()
        elif reached.Count >= maxMethods then isOpen <- true
        else hasGrown <- reached.Add code

    /// The arguments of a method, without the object itself.
    member _.ArgumentsOf(code: MethodBase) =
        List.init (code.GetParameters().Length) (fun index -> ArgumentOf(code, index + 1))

    /// The values become reachable from unknown code, which may call functions among them with any arguments.
    member knowledge.Escape(values: Known list) =
        for value in values do
            match value with
            | Function kind ->
                for entry in KnownTypes.entriesOf kind do
                    for holder in knowledge.ArgumentsOf entry do
                        knowledge.Flow holder [ Unknown ]
            | _ -> ()

    /// An object of the type is created: its callable methods become reachable.
    member knowledge.Make(kind: Type) =
        if knowledge.IsAuthors kind.Assembly && KnownTypes.isMadeByCompiler kind then
            for entry in KnownTypes.entriesOf kind do
                knowledge.Flow (ArgumentOf(entry, 0)) [ Function kind ]
                knowledge.Reach entry

            if not (KnownTypes.isFunction kind) then
                knowledge.Escape [ Function kind ]

    /// Analyzes an existing function object with its captured values, such as another function that it calls or the name of a target.
    member knowledge.Bring(body: obj) : unit =
        let kind = body.GetType()

        if not (knowledge.IsAuthors kind.Assembly && KnownTypes.isFunction kind) then
            isOpen <- true
        elif brought.Add body then
            knowledge.Make kind

            for field in KnownTypes.fieldsOf kind do
                let hold = knowledge.Flow(FieldOf(field.Module, field.MetadataToken))

                match field.GetValue body with
                | null -> ()
                | :? string as text -> hold [ Text text ]
                | :? NextState as next ->
                    // NextState.Undone has no target.
                    if next.Target <> "" then
                        knowledge.AddTarget next.Target

                    next.Deadline
                    |> Option.ofNullable
                    |> Option.iter (fun late -> knowledge.AddTarget late.State)
                | value when KnownTypes.isFunction (value.GetType()) ->
                    hold [ Function(value.GetType()) ]
                    knowledge.Bring value
                | _ ->
                    hold [ Unknown ]
                    knowledge.OpenIf(KnownTypes.mentionsNext field.FieldType)
