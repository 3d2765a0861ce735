namespace GopherFlow.Scripting

open System
open System.Reflection
open GopherFlow.Authoring

/// What is known of the types and members that compiled code names.
module internal KnownTypes =

    let private declared =
        BindingFlags.Instance
        ||| BindingFlags.Public
        ||| BindingFlags.NonPublic
        ||| BindingFlags.DeclaredOnly

    let isPlainFunction (kind: Type) =
        kind.IsGenericType && kind.GetGenericTypeDefinition() = typedefof<_ -> _>

    let rec isFunction (kind: Type) =
        isPlainFunction kind
        || (match kind.BaseType with
            | null -> false
            | parent -> isFunction parent)

    /// A closure or the state machine of a task: only the code around it gives its fields a value.
    let isMadeByCompiler (kind: Type) =
        kind.Name.Contains '@' || kind.Name.StartsWith '<'

    /// Whether a value of the type may have a NextState in it, or be a function that gives one.
    let rec mentionsNext (kind: Type) =
        kind = typeof<NextState>
        || kind.GetGenericArguments() |> Array.exists mentionsNext
        || (match kind.GetElementType() with
            | null -> false
            | element -> mentionsNext element)

    let fieldsOf (kind: Type) = kind.GetFields declared

    /// What is called from outside: Invoke of a function, MoveNext of a state machine, the members of an object expression.
    let entriesOf (kind: Type) =
        kind.GetMethods declared |> Array.filter _.IsVirtual

    let ownerOf (code: MemberInfo) = Unchecked.nonNull code.DeclaringType

    let resultOf (code: MethodBase) =
        match code with
        | :? MethodInfo as plain -> plain.ReturnType
        | _ -> typeof<Void>

    /// What names a state, of the engine's types and in F#, where the optimiser may have left the one or the other.
    let private namesTarget (code: MethodBase) =
        let owner = ownerOf code

        List.contains owner [ typeof<NextState>; typeof<SignalWait> ]
        && List.contains code.Name [ "GoTo"; "Compensate"; "OrAfter"; "OrAt"; "Then" ]
        || string owner.FullName = "GopherFlow.FSharp.Outcomes"
           && List.contains code.Name [ "goto"; "compensate"; "orAfter"; "orAt"; "waitFor" ]

    /// Which of the arguments, the object itself counted, is the name of a target.
    let targetOf (code: MethodBase) =
        if namesTarget code then
            code.GetParameters()
            |> Array.tryFindIndex (fun parameter -> parameter.ParameterType = typeof<string>)
            |> Option.map (fun index -> if code.IsStatic then index else index + 1)
        else
            None
