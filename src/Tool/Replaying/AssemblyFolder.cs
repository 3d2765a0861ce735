using System.Reflection;
using System.Runtime.Loader;

namespace GopherFlow.Tool.Replaying;

/// <summary>
/// Loads an assembly with what lies beside it. What the command line has itself, such as the engine, is shared, so that a workflow class of the
/// assembly is one here, too.
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
