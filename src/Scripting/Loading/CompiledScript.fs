namespace GopherFlow.Scripting

/// What compiling has made of a script: enough to load it without the compiler.
type internal CompiledScript = {
    Assembly: byte array
    /// The modules of the script's own file, in which its workflow is looked for.
    Modules: string list
    Warnings: Diagnostic list
}
