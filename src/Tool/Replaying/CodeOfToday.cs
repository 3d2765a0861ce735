using System.Reflection;
using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Hosting;
using GopherFlow.Scripting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.FSharp.Core;

namespace GopherFlow.Tool.Replaying;

/// <summary>A definition as it is now, in a script or in an assembly.</summary>
internal sealed class CodeOfToday : IDisposable
{
    private readonly LoadedScript? script;

    private CodeOfToday(WorkflowDefinition definition, LoadedScript? script = null) =>
        (Definition, this.script) = (definition, script);

    public WorkflowDefinition Definition { get; }

    /// <summary>The script of the folder that has the name of the type.</summary>
    /// <exception cref="CommandException">There is none, or it has faults.</exception>
    public static async Task<CodeOfToday> OfScriptsAsync(
        DirectoryInfo folder,
        string workflowType,
        CancellationToken cancellation
    )
    {
        var name = $"{workflowType}.fsx";
        var source =
            (folder.Exists ? ScriptFolder.read(folder.FullName) : []).FirstOrDefault(each => each.Name == name)
            ?? throw Fault(
                $"There is no {name} in '{folder}'; --scripts names another folder, --assembly a built class."
            );
        using var compiler = new ScriptCompiler(
            new ScriptCompilerOptions(
                FSharpOption<string>.Some(Path.Combine(folder.FullName, "lib")),
                FSharpOption<string>.None,
                ScriptCompilerOptionsModule.defaults.Limits
            )
        );
        var compiled = await compiler.CompileAsync(source, cancellation);
        return compiled.IsOk
            ? new CodeOfToday(compiled.ResultValue.Definition, compiled.ResultValue)
            : throw Fault(string.Join(Environment.NewLine, compiled.ErrorValue.Select(found => $"{found}")));
    }

    /// <summary>The class of an assembly that has the name of the type.</summary>
    /// <exception cref="CommandException">There is none, it has faults, or it asks for services.</exception>
    public static CodeOfToday OfAssembly(FileInfo file, string workflowType, IServiceProvider services)
    {
        if (!file.Exists)
        {
            throw Fault($"There is no assembly '{file}'.");
        }

        var types = TypesIn(file).Where(type => type.IsSubclassOf(typeof(Workflow))).ToList();
        var found = types.Find(type => !type.IsAbstract && NameOf(type) == workflowType);
        if (found is null)
        {
            var others = string.Join(", ", types.Where(type => !type.IsAbstract).Select(NameOf));
            throw Fault($"'{file}' has no workflow {workflowType}; it has {(others.Length == 0 ? "none" : others)}.");
        }

        try
        {
            ActivatorUtilities.CreateInstance(services, found);
        }
        catch (Exception fault)
        {
            // Whatever the author's constructor throws.
            throw Fault(
                $"{workflowType} cannot be made here: {fault.Message} A test can give it what it asks for: see Replay in GopherFlow.Testing."
            );
        }

        return new CodeOfToday(DefinitionOf(found));
    }

    public void Dispose() => script?.Dispose();

    private static WorkflowDefinition DefinitionOf(Type type)
    {
        var flow = new GopherFlowRegistration();
        typeof(GopherFlowRegistration)
            .GetMethod(nameof(GopherFlowRegistration.AddWorkflow), [])!
            .MakeGenericMethod(type)
            .Invoke(flow, null);
        try
        {
            return flow.Build().All[0];
        }
        catch (InvalidDefinitionException fault)
        {
            throw Fault(fault.Message);
        }
    }

    private static Type[] TypesIn(FileInfo file)
    {
        try
        {
            return AssemblyFolder.Load(file).GetTypes();
        }
        catch (BadImageFormatException)
        {
            throw Fault($"'{file}' is no .NET assembly.");
        }
        catch (ReflectionTypeLoadException fault)
        {
            throw Fault(
                $"'{file}' cannot be loaded: {fault.LoaderExceptions[0]?.Message} What it needs must lie beside it: 'dotnet publish' puts it there."
            );
        }
    }

    private static string NameOf(Type type) => type.GetCustomAttribute<WorkflowAttribute>()?.Name ?? type.Name;

    private static CommandException Fault(string message) => new(message);
}
