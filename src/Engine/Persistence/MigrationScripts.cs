using System.Globalization;
using System.Reflection;

namespace GopherFlow.Persistence;

/// <summary>A numbered step of a schema, applied once.</summary>
/// <param name="Number">Its place in the order.</param>
/// <param name="Sql">What it does.</param>
internal sealed record MigrationScript(int Number, string Sql);

/// <summary>The scripts of each database, embedded from the folder <c>Migrations</c> beside its store.</summary>
internal static class MigrationScripts
{
    /// <summary>The scripts of a database that come after a version, in order.</summary>
    /// <param name="database">The name of its folder.</param>
    /// <param name="current">The number of the last script that was applied; 0 when none was.</param>
    /// <exception cref="StoreSetupException">The database is newer than this program.</exception>
    public static IReadOnlyList<MigrationScript> After(string database, int current)
    {
        var scripts = Of(database);
        var newest = scripts[^1].Number;
        return current <= newest
            ? scripts.FindAll(script => script.Number > current)
            : throw new StoreSetupException(
                $"The database has schema version {current}, but this program only knows versions up to {newest}. "
                    + "It was written by a newer program: use that one, or another database."
            );
    }

    private static List<MigrationScript> Of(string database)
    {
        var folder = $".Persistence.{database}.Migrations.";
        return
        [
            .. Assembly
                .GetExecutingAssembly()
                .GetManifestResourceNames()
                .Where(name => name.Contains(folder, StringComparison.Ordinal))
                .Select(name => new MigrationScript(NumberOf(name, folder), TextOf(name)))
                .OrderBy(script => script.Number),
        ];
    }

    private static int NumberOf(string resource, string folder)
    {
        var start = resource.IndexOf(folder, StringComparison.Ordinal) + folder.Length;
        return int.Parse(resource.AsSpan(start, 4), CultureInfo.InvariantCulture);
    }

    private static string TextOf(string resource)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }
}
