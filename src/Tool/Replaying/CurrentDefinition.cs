using System.Reflection;
using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Hosting;
using GopherFlow.Scripting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.FSharp.Core;

namespace GopherFlow.Tool.Replaying;

/// <summary>The current definition of a workflow, in a script or in an assembly.</summary>
internal sealed class CurrentDefinition : IDisposable
{
    private readonly LoadedScript? script;

    private CurrentDefinition(WorkflowDefinition definition, LoadedScript? script = null) =>
        (Definition, this.script) = (definition, script);

    public WorkflowDefinition Definition { get; }

    /// <summary>Compiles the script in the folder with the name of the workflow type.</summary>
    /// <exception cref="CommandException">There is no such script, or it has errors.</exception>
    public static async Task<CurrentDefinition> OfScriptsAsync(
        DirectoryInfo folder,
        string workflowType,
        CancellationToken cancellation
    )
    {
        var name = $"{workflowType}.fsx";
        var source =
            (folder.Exists ? ScriptFolder.read(folder.FullName) : []).FirstOrDefault(each => each.Name == name)
            ?? throw Fault(
                $"There is no {name} in '{folder}'; use --scripts for another folder, or --assembly for a built class."
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
            ? new CurrentDefinition(compiled.ResultValue.Definition, compiled.ResultValue)
            : throw Fault(string.Join(Environment.NewLine, compiled.ErrorValue.Select(found => $"{found}")));
    }

    /// <summary>Loads the workflow class in an assembly with the name of the workflow type.</summary>
    /// <exception cref="CommandException">There is no such class, it has errors, or it requires services.</exception>
    public static CurrentDefinition OfAssembly(FileInfo file, string workflowType, IServiceProvider services)
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
            // The author's constructor may throw any exception.
            throw Fault(
                $"{workflowType} cannot be created here: {fault.Message} A test can provide the services that it needs: see Replay in GopherFlow.Testing."
            );
        }

        return new CurrentDefinition(DefinitionOf(found));
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
            throw Fault($"'{file}' is not a .NET assembly.");
        }
        catch (ReflectionTypeLoadException fault)
        {
            throw Fault(
                $"'{file}' cannot be loaded: {fault.LoaderExceptions[0]?.Message} Its dependencies must be in the same folder: 'dotnet publish' copies them there."
            );
        }
    }

    private static string NameOf(Type type) => type.GetCustomAttribute<WorkflowAttribute>()?.Name ?? type.Name;

    private static CommandException Fault(string message) => new(message);
}
