namespace GopherFlow.Scripting

/// A compiled script, which can be loaded without the compiler.
type internal CompiledScript = {
    Assembly: byte array
    /// The modules of the script's own file. The loader looks for the workflow in them.
    Modules: string list
    Warnings: Diagnostic list
}
