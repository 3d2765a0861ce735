using System.Globalization;
using System.Reflection;

namespace GopherFlow.Storage;

/// <summary>A numbered migration of the schema, applied once.</summary>
/// <param name="Number">Its number, which defines the order.</param>
/// <param name="Sql">Its statements.</param>
internal sealed record MigrationScript(int Number, string Sql);

/// <summary>The migrations of a database, embedded in the assembly of its store from the folder <c>Migrations</c>.</summary>
internal static class MigrationScripts
{
    private const string Folder = ".Migrations.";

    /// <summary>The migrations of a database that come after a version, in order.</summary>
    /// <param name="store">The assembly of the store.</param>
    /// <param name="current">The number of the last migration that was applied; 0 if none was.</param>
    /// <exception cref="StoreSetupException">The database is newer than this program.</exception>
    public static IReadOnlyList<MigrationScript> After(Assembly store, int current)
    {
        var scripts = Of(store);
        var newest = scripts[^1].Number;
        return current <= newest
            ? scripts.FindAll(script => script.Number > current)
            : throw new StoreSetupException(
                $"The database has schema version {current}, but this program only knows versions up to {newest}. "
                    + "It was written by a newer program: use that one, or another database."
            );
    }

    private static List<MigrationScript> Of(Assembly store)
    {
        return
        [
            .. store
                .GetManifestResourceNames()
                .Where(name => name.Contains(Folder, StringComparison.Ordinal))
                .Select(name => new MigrationScript(NumberOf(name), TextOf(store, name)))
                .OrderBy(script => script.Number),
        ];
    }

    private static int NumberOf(string resource)
    {
        var start = resource.IndexOf(Folder, StringComparison.Ordinal) + Folder.Length;
        return int.Parse(resource.AsSpan(start, 4), CultureInfo.InvariantCulture);
    }

    private static string TextOf(Assembly store, string resource)
    {
        using var reader = new StreamReader(store.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }
}
