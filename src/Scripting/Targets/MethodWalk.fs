namespace GopherFlow.Scripting

open System
open System.Collections.Generic
open System.Reflection
open System.Reflection.Emit

/// The stack and the locals before an instruction.
type internal Frame = {
    /// The top of the stack comes first.
    Stack: Known list list
    Locals: Map<int, Known list>
}

/// Analyzes one method along all its branches.
type internal MethodWalk(knowledge: Knowledge, calls: CodeCalls, code: MethodBase) =
    let body = Unchecked.nonNull (code.GetMethodBody())
    let instructions = Instructions.ofBody body
    let ofType = (KnownTypes.ownerOf code).GetGenericArguments()

    let ofMethod =
        if code.IsGenericMethod then
            code.GetGenericArguments()
        else
            [||]

    /// Locals whose address is taken. Any code may write to them.
    let exposed =
        instructions.Values
        |> Seq.choose (fun one ->
            match one.Name, one.Operand with
            | "ldloca", Number number -> Some number
            | _ -> None)
        |> Set.ofSeq

    let methodAt token =
        Unchecked.nonNull (code.Module.ResolveMethod(token, ofType, ofMethod))

    let fieldAt token =
        Unchecked.nonNull (code.Module.ResolveField(token, ofType, ofMethod))

    let argument number =
        ArgumentOf(code, (if code.IsStatic then number + 1 else number))

    let local (frame: Frame) number =
        if exposed.Contains number then
            [ Unknown ]
        else
            frame.Locals |> Map.tryFind number |> Option.defaultValue []

    let call token stack =
        let called = methodAt token
        let own = if called.IsStatic then 0 else 1
        let values, rest = stack |> List.splitAt (own + called.GetParameters().Length)
        let given = calls.Call(called, List.rev values)

        if KnownTypes.resultOf called = typeof<Void> then
            rest
        else
            given :: rest

    let create token stack =
        let constructor = methodAt token
        let values, rest = stack |> List.splitAt (constructor.GetParameters().Length)
        calls.Create(constructor, List.rev values) :: rest

    /// Any other instruction: it produces neither a known string nor a known function.
    let consume (instruction: Instruction) stack =
        let taken, rest = stack |> List.splitAt (Instructions.taken instruction)
        List.iter knowledge.Escape taken
        List.replicate (Instructions.given instruction) [ Unknown ] @ rest

    /// The stack after an instruction.
    let run (instruction: Instruction) (frame: Frame) : Known list list =
        match instruction.Name, instruction.Operand, frame.Stack with
        | "ldstr", Number token, stack -> [ Text(code.Module.ResolveString token) ] :: stack
        | "ldnull", _, stack -> [] :: stack
        | "ldarg", Number number, stack -> knowledge.ValueOf(argument number) :: stack
        | "starg", Number number, value :: stack ->
            knowledge.Flow (argument number) value
            stack
        | "ldarga", Number number, stack ->
            knowledge.Flow (argument number) [ Unknown ]
            [ Unknown ] :: stack
        | "ldloc", Number number, stack -> local frame number :: stack
        | "stloc", _, _ :: stack -> stack
        | "dup", _, value :: stack -> value :: value :: stack
        | ("castclass" | "isinst" | "box" | "unbox"), _, stack -> stack
        | "ldfld", Number token, _ :: stack -> calls.Load(fieldAt token) :: stack
        | "ldsfld", Number token, stack -> calls.Load(fieldAt token) :: stack
        | "ldflda", Number token, _ :: stack ->
            calls.Load(fieldAt token) |> ignore
            calls.Store(fieldAt token, [ Unknown ])
            [ Unknown ] :: stack
        | "ldsflda", Number token, stack ->
            calls.Load(fieldAt token) |> ignore
            [ Unknown ] :: stack
        | "stfld", Number token, value :: _ :: stack ->
            calls.Store(fieldAt token, value)
            stack
        | "ldftn", Number token, stack
        | "ldvirtftn", Number token, _ :: stack -> calls.Point(methodAt token) :: stack
        | "newobj", Number token, stack -> create token stack
        | ("call" | "callvirt"), Number token, stack -> call token stack
        | "ret", _, stack ->
            stack |> List.iter (knowledge.Flow(ResultOf code))
            []
        | "leave", _, _ -> []
        | _, _, stack -> consume instruction stack

    let localsAfter (instruction: Instruction) (frame: Frame) =
        match instruction.Name, instruction.Operand with
        | "stloc", Number number -> frame.Locals |> Map.add number frame.Stack.Head
        | _ -> frame.Locals

    let nextOf (instruction: Instruction) =
        match instruction.Code.FlowControl, instruction.Operand with
        | FlowControl.Branch, Jumps offsets -> offsets
        | (FlowControl.Return | FlowControl.Throw), _ -> []
        | _, Jumps offsets -> instruction.Next :: offsets
        | _ -> [ instruction.Next ]

    /// The handlers that an exception at this offset can reach, each with its initial stack.
    let handlersAt offset = [
        for clause in body.ExceptionHandlingClauses do
            if offset >= clause.TryOffset && offset < clause.TryOffset + clause.TryLength then
                match clause.Flags with
                | ExceptionHandlingClauseOptions.Finally
                | ExceptionHandlingClauseOptions.Fault -> clause.HandlerOffset, []
                | ExceptionHandlingClauseOptions.Filter ->
                    clause.FilterOffset, [ [ Unknown ] ]
                    clause.HandlerOffset, [ [ Unknown ] ]
                | _ -> clause.HandlerOffset, [ [ Unknown ] ]
    ]

    let merge (one: Frame) (other: Frame) = {
        Stack = List.map2 Known.both one.Stack other.Stack
        Locals =
            (one.Locals, other.Locals)
            ||> Map.fold (fun locals number value ->
                locals
                |> Map.change number (fun known -> Some(Known.both (Option.defaultValue [] known) value)))
    }

    /// Repeats until no frame changes any more.
    member _.Go() : unit =
        let frames = Dictionary<int, Frame>()
        let waiting = SortedSet<int>()

        let enter offset frame =
            let after =
                match frames.TryGetValue offset with
                | true, before -> merge before frame
                | _ -> frame

            if not (frames.ContainsKey offset) || frames[offset] <> after then
                frames[offset] <- after
                waiting.Add offset |> ignore

        enter 0 { Stack = []; Locals = Map.empty }

        while waiting.Count > 0 do
            let offset = Seq.head waiting
            waiting.Remove offset |> ignore
            let instruction = instructions[offset]
            let before = frames[offset]

            let after = {
                Stack = run instruction before
                Locals = localsAfter instruction before
            }

            for handler, stack in handlersAt offset do
                enter handler { before with Stack = stack }
                enter handler { after with Stack = stack }

            for next in nextOf instruction do
                enter next after
