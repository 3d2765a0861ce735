namespace GopherFlow.Scripting

open Mono.Cecil
open Mono.Cecil.Cil
open Mono.Cecil.Rocks

/// Writes the calls of ScriptWatch into compiled scripts. .NET has a way to abort a thread (ControlledExecution), but it was seen
/// to take the whole process down, and a stack that overflows always does; code that asks by itself can always be ended.
module internal Weaver =

    let private callOf (definition: ModuleDefinition) (name: string) =
        Unchecked.nonNull (typeof<ScriptWatch>.GetMethod name)
        |> definition.ImportReference

    let private targetsOf (instruction: Instruction) =
        match instruction.Operand with
        | :? Instruction as target -> [ target ]
        | :? (Instruction array) as targets -> List.ofArray targets
        | _ -> []

    /// Where a loop begins again, with the branches that lead back to it.
    let private loops (body: MethodBody) =
        body.Instructions
        |> Seq.collect (fun branch ->
            targetsOf branch
            |> List.filter (fun target -> target.Offset <= branch.Offset)
            |> List.map (fun target -> target, branch))
        |> Seq.groupBy fst
        |> Seq.map (fun (head, branches) -> head, branches |> Seq.map snd |> List.ofSeq)
        |> List.ofSeq

    let private isInTry (handler: ExceptionHandler) (instruction: Instruction) =
        instruction.Offset >= handler.TryStart.Offset
        && instruction.Offset < handler.TryEnd.Offset

    let private copyOf (instruction: Instruction) =
        let copy = Instruction.Create OpCodes.Nop
        copy.OpCode <- instruction.OpCode
        copy.Operand <- instruction.Operand
        copy

    let private retarget (from: Instruction) (next: Instruction) (branch: Instruction) =
        match branch.Operand with
        | :? (Instruction array) as targets ->
            branch.Operand <-
                targets
                |> Array.map (fun target -> if obj.ReferenceEquals(target, from) then next else target)
        | _ -> branch.Operand <- next

    /// A loop whose body is a try block: the exception must not be caught by that very block, so the call stands before it, and
    /// a second one inside, for a loop within the block that begins at its first instruction.
    let private split (handlers: ExceptionHandler list) (branches: Instruction list) =
        branches
        |> List.partition (fun branch -> handlers |> List.exists (fun handler -> isInTry handler branch))

    /// The instruction itself becomes the call, so that whatever leads to it leads to the call.
    let private putBefore
        (body: MethodBody)
        (round: MethodReference)
        (head: Instruction, handlers, inside: Instruction list)
        =
        let copy = copyOf head
        let index = body.Instructions.IndexOf head
        body.Instructions.Insert(index + 1, copy)
        head.OpCode <- OpCodes.Call
        head.Operand <- round

        let first =
            if inside.IsEmpty then
                copy
            else
                let second = Instruction.Create(OpCodes.Call, round)
                body.Instructions.Insert(index + 1, second)
                inside |> List.iter (retarget head second)
                second

        handlers
        |> List.iter (fun (handler: ExceptionHandler) -> handler.TryStart <- first)

    let private planOf (body: MethodBody) (head: Instruction, branches) =
        let handlers =
            body.ExceptionHandlers
            |> Seq.filter (fun handler -> obj.ReferenceEquals(handler.TryStart, head))
            |> List.ofSeq

        let inside, _ = split handlers branches
        head, handlers, inside

    /// Before the first instruction of a task's state machine nobody catches yet; all of the author's code in it comes later.
    let private isStateMachine (target: MethodDefinition) =
        target.Name = "MoveNext"
        && target.DeclaringType.Interfaces
           |> Seq.exists (fun one -> one.InterfaceType.Name = "IAsyncStateMachine")

    /// F# makes classes of the steps of an async block, which a timer or another thread calls outside any try. The author's code is in
    /// the functions that these call, within a try.
    let private isAsyncStep (target: MethodDefinition) =
        target.Parameters
        |> Seq.exists (fun parameter -> parameter.ParameterType.Name = "AsyncActivation`1")

    let private weaveMethod enter round (target: MethodDefinition) =
        let body = target.Body
        // Made before anything is moved, because it goes by the offsets that were read.
        let plans = loops body |> List.map (planOf body)
        body.SimplifyMacros()
        plans |> List.iter (putBefore body round)

        if not (isStateMachine target || isAsyncStep target) then
            body.Instructions.Insert(0, Instruction.Create(OpCodes.Call, (enter: MethodReference)))

        body.OptimizeMacros()

    /// Rewrites an assembly; its debug information stays right.
    let weave (input: string) (output: string) : unit =
        let reading =
            ReaderParameters(ReadSymbols = true, SymbolReaderProvider = EmbeddedPortablePdbReaderProvider())

        let writing =
            WriterParameters(SymbolWriterProvider = EmbeddedPortablePdbWriterProvider(), DeterministicMvid = true)

        use definition = AssemblyDefinition.ReadAssembly(input, reading)
        let enter = callOf definition.MainModule (nameof ScriptWatch.Enter)
        let round = callOf definition.MainModule (nameof ScriptWatch.Round)

        definition.MainModule.GetTypes()
        |> Seq.collect _.Methods
        |> Seq.filter _.HasBody
        |> Seq.iter (weaveMethod enter round)

        definition.Write(output, writing)
