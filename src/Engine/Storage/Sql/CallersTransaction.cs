using System.Data.Common;

namespace GopherFlow.Storage.Sql;

/// <summary>A transaction that a caller of the store has begun and will end.</summary>
internal static class CallersTransaction
{
    /// <summary>The transaction, as the type of a driver.</summary>
    /// <exception cref="ArgumentException">It belongs to another driver, or has ended.</exception>
    public static T As<T>(DbTransaction transaction)
        where T : DbTransaction =>
        transaction switch
        {
            T { Connection: not null } own => own,
            T => throw new ArgumentException("The transaction has ended.", nameof(transaction)),
            _ => throw new ArgumentException(
                $"Expected a {typeof(T).Name} on the engine's database, but got {transaction.GetType().Name}.",
                nameof(transaction)
            ),
        };
}
