namespace GopherFlow.Scripting

open System
open System.Reflection

/// Applies calls, object creations and field accesses to the known values.
type internal CodeCalls(knowledge: Knowledge) =

    let flowAll (code: MethodBase) first (values: Known list list) =
        values
        |> List.iteri (fun index value -> knowledge.Flow (ArgumentOf(code, first + index)) value)

    let isFollowed (code: MethodBase) =
        knowledge.IsAuthors (KnownTypes.ownerOf code).Assembly

    /// Whether its result or its arguments can be related to a target.
    let matters (code: MethodBase) =
        let result = KnownTypes.resultOf code

        result = typeof<string>
        || KnownTypes.isFunction result
        || KnownTypes.mentionsNext result
        || code.GetParameters()
           |> Array.exists (fun parameter -> KnownTypes.mentionsNext parameter.ParameterType)

    let nameTarget (names: Known list) =
        knowledge.OpenIf(names.IsEmpty || List.contains Unknown names)

        for name in names do
            match name with
            | Text target -> knowledge.AddTarget target
            | _ -> ()

    let unknown (values: Known list list) =
        List.iter knowledge.Escape values
        [ Unknown ]

    let invokeFunction (kind: Type) (values: Known list list) =
        KnownTypes.entriesOf kind
        |> List.ofArray
        |> List.collect (fun entry ->
            if entry.GetParameters().Length = values.Length then
                flowAll entry 1 values
                knowledge.ValueOf(ResultOf entry)
            else
                // A partial application, or a call with more arguments than it has.
                unknown ([ Function kind ] :: values))

    let invoke (functions: Known list) (values: Known list list) (result: Type) =
        (if functions.IsEmpty then [ Unknown ] else functions)
        |> List.collect (function
            | Function kind -> invokeFunction kind values
            | _ ->
                knowledge.OpenIf(KnownTypes.mentionsNext result)
                unknown values)

    let follow (code: MethodBase) (values: Known list list) =
        flowAll code (if code.IsStatic then 1 else 0) values
        knowledge.Reach code
        // Another class may override it.
        knowledge.OpenIf(
            code.IsVirtual
            && not code.IsFinal
            && KnownTypes.mentionsNext (KnownTypes.resultOf code)
        )

        knowledge.ValueOf(ResultOf code)

    let pass (code: MethodBase) (values: Known list list) =
        if code.IsGenericMethod then
            code.GetGenericArguments() |> Array.iter knowledge.Make

        let isDelegate = typeof<Delegate>.IsAssignableFrom(KnownTypes.ownerOf code)

        knowledge.OpenIf(
            (isDelegate || isFollowed code)
            && KnownTypes.mentionsNext (KnownTypes.resultOf code)
        )

        unknown values

    let isTracked (field: FieldInfo) =
        not field.IsStatic && KnownTypes.isMadeByCompiler (KnownTypes.ownerOf field)

    let holderOf (field: FieldInfo) =
        FieldOf(field.Module, field.MetadataToken)

    /// The result of a call. The first of the values is the object itself.
    member _.Call(code: MethodBase, values: Known list list) : Known list =
        let isInvocation =
            KnownTypes.isPlainFunction (KnownTypes.ownerOf code)
            && (code.Name = "Invoke" || code.Name = "InvokeFast")

        match KnownTypes.targetOf code with
        | Some index ->
            nameTarget values[index]
            [ Unknown ]
        | None when isInvocation -> invoke values.Head values.Tail (KnownTypes.resultOf code)
        | None when isFollowed code && matters code && not (isNull (code.GetMethodBody())) -> follow code values
        | None -> pass code values

    /// A new object. The values are the constructor's arguments.
    member _.Create(constructor: MethodBase, values: Known list list) : Known list =
        let kind = KnownTypes.ownerOf constructor

        if knowledge.IsAuthors kind.Assembly && KnownTypes.isMadeByCompiler kind then
            knowledge.Make kind
            flowAll constructor 1 values
            knowledge.Reach constructor
            [ Function kind ]
        else
            unknown values

    /// A method is turned into a delegate, which may be called from anywhere.
    member _.Point(code: MethodBase) : Known list =
        knowledge.OpenIf(code.IsVirtual && KnownTypes.mentionsNext (KnownTypes.resultOf code))

        if isFollowed code && not (isNull (code.GetMethodBody())) then
            knowledge.Reach code

            for holder in knowledge.ArgumentsOf code do
                knowledge.Flow holder [ Unknown ]

        [ Unknown ]

    /// The value of a field. F# stores functions without free variables, and parts of top-level values, in static fields.
    member _.Load(field: FieldInfo) : Known list =
        let isAuthors = knowledge.IsAuthors (KnownTypes.ownerOf field).Assembly
        let isKept = isAuthors && field.IsStatic && field.IsInitOnly

        if isTracked field then
            knowledge.ValueOf(holderOf field)
        elif isKept && KnownTypes.isFunction field.FieldType then
            match field.GetValue null with
            | null ->
                knowledge.OpenIf true
                [ Unknown ]
            | kept ->
                knowledge.Bring kept
                [ Function(kept.GetType()) ]
        else
            knowledge.OpenIf(isAuthors && KnownTypes.mentionsNext field.FieldType)
            [ Unknown ]

    member _.Store(field: FieldInfo, values: Known list) : unit =
        if isTracked field then
            knowledge.Flow (holderOf field) values
        else
            knowledge.Escape values
