namespace GopherFlow.Scripting

open System
open System.Collections.Generic
open System.Reflection
open System.Reflection.Emit

/// The operand of an instruction.
type internal Operand =
    | Nothing
    /// The number of an argument or a local, or a token.
    | Number of int
    /// Offsets of other instructions.
    | Jumps of int list

/// One instruction of a compiled method.
type internal Instruction = {
    /// The name without the encoding suffix: ldarg for ldarg.0, ldarg.s and ldarg.
    Name: string
    Code: OpCode
    Operand: Operand
    /// The offset of the next instruction.
    Next: int
}

module internal Instructions =

    let private codes =
        typeof<OpCodes>.GetFields(BindingFlags.Public ||| BindingFlags.Static)
        |> Seq.map (fun field -> unbox<OpCode>(field.GetValue null))
        |> Seq.map (fun code -> code.Value, code)
        |> dict

    let private operandAt (code: OpCode) (bytes: byte array) at =
        match code.OperandType with
        | OperandType.InlineNone ->
            match Int32.TryParse(Array.last ((string code.Name).Split '.')) with
            | true, number -> Number number, 0
            | _ -> Nothing, 0
        | OperandType.ShortInlineBrTarget -> Jumps [ at + 1 + int (sbyte bytes[at]) ], 1
        | OperandType.InlineBrTarget -> Jumps [ at + 4 + BitConverter.ToInt32(bytes, at) ], 4
        | OperandType.InlineSwitch ->
            let size = 4 + 4 * BitConverter.ToInt32(bytes, at)

            Jumps [
                for jump in at + 4 .. 4 .. at + size - 4 -> at + size + BitConverter.ToInt32(bytes, jump)
            ],
            size
        | OperandType.ShortInlineI
        | OperandType.ShortInlineVar -> Number(int bytes[at]), 1
        | OperandType.InlineVar -> Number(int (BitConverter.ToUInt16(bytes, at))), 2
        | OperandType.InlineI8
        | OperandType.InlineR -> Nothing, 8
        | _ -> Number(BitConverter.ToInt32(bytes, at)), 4

    let private read (bytes: byte array) offset =
        let value, at =
            if bytes[offset] = 0xFEuy then
                int16 (0xFE00 ||| int bytes[offset + 1]), offset + 2
            else
                int16 bytes[offset], offset + 1

        let code = codes[value]
        let operand, size = operandAt code bytes at

        {
            Name = (string code.Name).Split('.')[0]
            Code = code
            Operand = operand
            Next = at + size
        }

    /// The instructions of a method by offset.
    let ofBody (body: MethodBody) : IReadOnlyDictionary<int, Instruction> =
        let found = Dictionary<int, Instruction>()

        match body.GetILAsByteArray() with
        | null -> ()
        | bytes ->
            let mutable offset = 0

            while offset < bytes.Length do
                let instruction = read bytes offset
                found[offset] <- instruction
                offset <- instruction.Next

        found

    let private count (behaviour: StackBehaviour) =
        match behaviour with
        | StackBehaviour.Pop0
        | StackBehaviour.Push0 -> 0
        | StackBehaviour.Varpop
        | StackBehaviour.Varpush -> raise (NotSupportedException "The instruction has a variable stack effect.")
        | several -> (string several).Split('_').Length

    /// How many values it pops from the stack.
    let taken (instruction: Instruction) =
        count instruction.Code.StackBehaviourPop

    /// How many values it pushes onto the stack.
    let given (instruction: Instruction) =
        count instruction.Code.StackBehaviourPush
