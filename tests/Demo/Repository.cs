namespace GopherFlow.Demo.Tests;

/// <summary>The root folder of this repository, found upwards from the folder of the test assembly.</summary>
internal static class Repository
{
    private const string Mark = "GopherFlow.sln";

    public static string Root { get; } = FindRoot();

    public static string PathOf(string relative) => Path.Combine(Root, relative);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, Mark)))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException($"{Mark} was not found above the tests.");
        }

        return folder.FullName;
    }
}
