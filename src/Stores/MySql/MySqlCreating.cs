using GopherFlow.Storage;
using MySqlConnector;

namespace GopherFlow.Stores.MySql;

/// <summary>Gives new workflows their ids.</summary>
internal static class MySqlCreating
{
    private const string InsertIdentities = $"INSERT INTO workflow ({StoredValues.Identity})";

    private const string SelectNewIds = "SELECT LAST_INSERT_ID(), @@auto_increment_increment";

    /// <summary>
    /// Adds statements that give new workflows their ids and their external ids. The answer is read by
    /// <see cref="NewIds"/>.
    /// </summary>
    public static void AddIdentities(this MySqlBatch batch, IReadOnlyList<NewRow> creates)
    {
        var insert = new MySqlValues(batch, InsertIdentities);
        foreach (var create in creates)
        {
            insert.Row().WithIdentity(create);
        }

        insert.End();
        batch.Statement(SelectNewIds);
    }

    /// <summary>The first id and how far the next one is.</summary>
    public static (long First, long Increment) NewIds(IStoredRow row) => (row.Number(), row.Number());

    /// <summary>Gives new workflows the ids that the database has given them.</summary>
    public static void Assign(this IReadOnlyList<NewRow> creates, List<(long First, long Increment)> ids)
    {
        for (var place = 0; place < creates.Count; place++)
        {
            creates[place].Assign(ids[0].First + (place * ids[0].Increment));
        }
    }
}
