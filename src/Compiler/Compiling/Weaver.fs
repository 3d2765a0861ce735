namespace GopherFlow.Scripting

open Mono.Cecil
open Mono.Cecil.Cil
open Mono.Cecil.Rocks

/// Inserts calls of ScriptWatch into compiled scripts. .NET can abort a thread (ControlledExecution), but this has been seen to crash the
/// whole process, and a stack overflow always does. Code that checks by itself whether to stop can always be ended.
module internal Weaver =

    let private callOf (definition: ModuleDefinition) (name: string) =
        Unchecked.nonNull (typeof<ScriptWatch>.GetMethod name)
        |> definition.ImportReference

    let private targetsOf (instruction: Instruction) =
        match instruction.Operand with
        | :? Instruction as target -> [ target ]
        | :? (Instruction array) as targets -> List.ofArray targets
        | _ -> []

    /// The head of each loop, with the branches that jump back to it.
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

    /// Splits the branches of a loop whose head is the start of a try block. The block must not catch the exception, so the call is
    /// inserted before it, and a second call inside, for loops within the block that begin at its first instruction.
    let private split (handlers: ExceptionHandler list) (branches: Instruction list) =
        branches
        |> List.partition (fun branch -> handlers |> List.exists (fun handler -> isInTry handler branch))

    /// Replaces the instruction itself with the call, so that all jumps to it reach the call.
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

    /// An exception at the first instruction of a task's state machine would not be caught. The author's code comes later.
    let private isStateMachine (target: MethodDefinition) =
        target.Name = "MoveNext"
        && target.DeclaringType.Interfaces
           |> Seq.exists (fun one -> one.InterfaceType.Name = "IAsyncStateMachine")

    /// F# compiles the steps of an async block to classes that a timer or another thread calls outside any try block. The author's code is
    /// in the functions that these classes call within a try block.
    let private isAsyncStep (target: MethodDefinition) =
        target.Parameters
        |> Seq.exists (fun parameter -> parameter.ParameterType.Name = "AsyncActivation`1")

    let private weaveMethod enter round (target: MethodDefinition) =
        let body = target.Body
        // The plans use the original offsets, so they are made before anything is moved.
        let plans = loops body |> List.map (planOf body)
        body.SimplifyMacros()
        plans |> List.iter (putBefore body round)

        if not (isStateMachine target || isAsyncStep target) then
            body.Instructions.Insert(0, Instruction.Create(OpCodes.Call, (enter: MethodReference)))

        body.OptimizeMacros()

    /// Rewrites an assembly and keeps its debug information correct.
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
