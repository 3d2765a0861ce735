using System.Collections.Concurrent;
using GopherFlow.Scripting;

namespace GopherFlow.Behaviour;

/// <summary>The scripts of the scenarios, each compiled on first use, once for the whole test run.</summary>
internal static class CompiledScripts
{
    private static readonly ScriptCompiler Compiler = new(ScriptCompilerOptionsModule.defaults);

    private static readonly Lazy<IReadOnlyList<ScriptSource>> Sources = new(() =>
        [.. ScriptFolder.read(Path.Combine(AppContext.BaseDirectory, "Scenarios"))]
    );

    private static readonly ConcurrentDictionary<string, Lazy<Task<LoadedScript>>> Loaded = [];

    /// <summary>The names of all scripts.</summary>
    public static IEnumerable<string> Names =>
        Sources.Value.Select(source => Path.GetFileNameWithoutExtension(source.Name));

    /// <summary>Compiles and loads a script.</summary>
    public static Task<LoadedScript> FindAsync(string name) =>
        Loaded.GetOrAdd(name, script => new(() => CompileAsync(script))).Value;

    private static async Task<LoadedScript> CompileAsync(string name)
    {
        var result = await Compiler.CompileAsync(
            Sources.Value.Single(source => source.Name == $"{name}.fsx"),
            CancellationToken.None
        );
        return result.IsOk
            ? result.ResultValue
            : throw new InvalidOperationException(string.Join('\n', result.ErrorValue));
    }
}
