using System.Reflection;
using System.Runtime.Loader;

namespace GopherFlow.Tool.Replaying;

/// <summary>
/// Loads an assembly with its dependencies from the same folder. Assemblies that the tool itself uses, such as the engine, are shared, so
/// that the tool recognizes the workflow classes of the assembly.
/// </summary>
internal sealed class AssemblyFolder : AssemblyLoadContext
{
    private readonly AssemblyDependencyResolver resolver;

    private AssemblyFolder(string path)
        : base(path) => resolver = new AssemblyDependencyResolver(path);

    public static Assembly Load(FileInfo file) => new AssemblyFolder(file.FullName).LoadFromAssemblyPath(file.FullName);

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        try
        {
            return Default.LoadFromAssemblyName(assemblyName);
        }
        catch (FileNotFoundException)
        {
            return resolver.ResolveAssemblyToPath(assemblyName) is { } path ? LoadFromAssemblyPath(path) : null;
        }
    }
}
