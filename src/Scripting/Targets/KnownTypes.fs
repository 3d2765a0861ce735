namespace GopherFlow.Scripting

open System
open System.Reflection
open GopherFlow.Authoring

/// Classifies the types and members that compiled code refers to.
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

    /// A closure or the state machine of a task. Only the surrounding code sets its fields.
    let isMadeByCompiler (kind: Type) =
        kind.Name.Contains '@' || kind.Name.StartsWith '<'

    /// Whether a value of the type may contain a NextState or be a function that returns one.
    let rec mentionsNext (kind: Type) =
        kind = typeof<NextState>
        || kind.GetGenericArguments() |> Array.exists mentionsNext
        || (match kind.GetElementType() with
            | null -> false
            | element -> mentionsNext element)

    let fieldsOf (kind: Type) = kind.GetFields declared

    /// The methods called from outside: Invoke of a function, MoveNext of a state machine, the members of an object expression.
    let entriesOf (kind: Type) =
        kind.GetMethods declared |> Array.filter _.IsVirtual

    let ownerOf (code: MemberInfo) = Unchecked.nonNull code.DeclaringType

    let resultOf (code: MethodBase) =
        match code with
        | :? MethodInfo as plain -> plain.ReturnType
        | _ -> typeof<Void>

    /// Whether a method takes the name of a state. Inlining may leave the F# function or the method of the engine that it calls.
    let private namesTarget (code: MethodBase) =
        let owner = ownerOf code

        List.contains owner [ typeof<NextState>; typeof<SignalWait> ]
        && List.contains code.Name [ "GoTo"; "Compensate"; "OrAfter"; "OrAt"; "Then" ]
        || string owner.FullName = "GopherFlow.FSharp.Outcomes"
           && List.contains code.Name [ "goto"; "compensate"; "orAfter"; "orAt"; "waitFor" ]

    /// The index of the argument that names a target, counting the object itself.
    let targetOf (code: MethodBase) =
        if namesTarget code then
            code.GetParameters()
            |> Array.tryFindIndex (fun parameter -> parameter.ParameterType = typeof<string>)
            |> Option.map (fun index -> if code.IsStatic then index else index + 1)
        else
            None
