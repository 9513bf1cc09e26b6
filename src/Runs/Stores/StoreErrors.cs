using System.Collections.Frozen;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Involute.Runs.Stores;

/// <summary>
/// The one table of the stores' error codes: which pass, so that a run waits, and which last, so that it ends at once.
/// </summary>
/// <remarks>
/// SQLite numbers its errors (the low byte is the primary code, https://sqlite.org/rescode.html); PostgreSQL names them
/// by five characters, of which the first two are the class
/// (https://www.postgresql.org/docs/15/errcodes-appendix.html). The longest known name counts.
/// </remarks>
internal static class StoreErrors
{
    private const StoreFaultKind Passes = StoreFaultKind.Temporary;
    private const StoreFaultKind Denied = StoreFaultKind.Denied;
    private const StoreFaultKind Lasts = StoreFaultKind.Lasting;
    private const StoreFaultKind Content = StoreFaultKind.Damaged;

    /// <summary>SQLite's errors.</summary>
    public static IReadOnlyList<StoreError> Sqlite { get; } =
    [
        new("1", Content, "no such table or column: the database of another program"),
        new("2", Lasts, "an internal error of the library"),
        new("3", Denied, "access is denied"),
        new("4", Passes, "the statement was given up"),
        new("5", Passes, "another process has locked the database"),
        new("6", Passes, "another connection has locked a table"),
        new("7", Passes, "out of memory"),
        new("8", Denied, "the file or the file system can only be read"),
        new("9", Passes, "the statement was interrupted"),
        new("10", Passes, "an input or output error of the disk"),
        new("11", Content, "the database is malformed"),
        new("12", Lasts, "an operation that the library does not know"),
        new("13", Passes, "the disk is full"),
        new("14", Passes, "the file cannot be opened: too many open files, or another process just removes its log"),
        new("15", Passes, "processes collided in the locking protocol"),
        new("17", Passes, "the schema has changed meanwhile"),
        new("18", StoreFaultKind.TooBig, "a value is larger than the database takes"),
        new("19", Content, "a row breaks a rule of the tables, which are not ours"),
        new("20", Content, "a value of another kind than its column"),
        new("21", Lasts, "the library was used wrongly"),
        new("22", Lasts, "the system has no large files"),
        new("23", Denied, "not authorized"),
        new("25", Lasts, "the library was used wrongly"),
        new("26", Content, "the file is no database"),
        new("1032", StoreFaultKind.Lost, "the file was moved or replaced while it was open"),
        new("1555", StoreFaultKind.Taken, "the key of a row exists"),
        new("2067", StoreFaultKind.Taken, "the key of a row exists"),
        new("8458", Lasts, "the file system is damaged"),
    ];

    /// <summary>PostgreSQL's errors.</summary>
    public static IReadOnlyList<StoreError> Postgres { get; } =
    [
        new("08", Passes, "the connection is lost or refused"),
        new("0A", Lasts, "the server cannot do what is asked"),
        new("22", Content, "a value of another kind than its column"),
        new("23", Content, "a row breaks a rule of the tables, which are not ours"),
        new("23505", StoreFaultKind.Taken, "the key of a row exists"),
        new("25", Passes, "not possible in this transaction: the server is a standby, or can only be read"),
        new("28", Denied, "user or password is refused"),
        new("3D", Denied, "there is no such database"),
        new("3F", Content, "there is no such schema"),
        new("40", Passes, "transactions collided"),
        new("42", Content, "no such table or column: not the tables of this program"),
        new("42501", Denied, "the user may not do this"),
        new("53", Passes, "the server is out of disk, memory or connections"),
        new("54", Lasts, "a limit of the server"),
        new("54000", StoreFaultKind.TooBig, "a value is larger than the server takes"),
        new("55", Passes, "the server is not in the right state, or another session has the lock"),
        new("57", Passes, "the server shuts down or starts, or has cancelled the statement"),
        new("58", Passes, "an input or output error of the server"),
        new("F0", Lasts, "the server's configuration is wrong"),
        new("XX000", Passes, "an internal error of the server, or of a pooler before it"),
        new("XX001", Content, "the server's data are corrupted"),
        new("XX002", Content, "an index of the server is corrupted"),
    ];

    private static readonly FrozenDictionary<string, StoreFaultKind> SqliteKinds =
        Sqlite.ToFrozenDictionary(error => error.Code, error => error.Kind);

    private static readonly FrozenDictionary<string, StoreFaultKind> PostgresKinds =
        Postgres.ToFrozenDictionary(error => error.Code, error => error.Kind);

    /// <summary>The kind of an error of SQLite.</summary>
    public static StoreFaultKind KindOf(SqliteException error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return SqliteKinds.TryGetValue(Text(error.SqliteExtendedErrorCode), out var extended) ? extended
            : SqliteKinds.TryGetValue(Text(error.SqliteErrorCode), out var primary) ? primary
            : StoreFaultKind.Unknown;
    }

    /// <summary>The kind of an error of PostgreSQL.</summary>
    /// <param name="state">Its five characters.</param>
    public static StoreFaultKind KindOf(string state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return PostgresKinds.TryGetValue(state, out var known) ? known
            : state.Length >= 2 && PostgresKinds.TryGetValue(state[..2], out var ofClass) ? ofClass
            : StoreFaultKind.Unknown;
    }

    private static string Text(int code) => code.ToString(CultureInfo.InvariantCulture);
}

/// <summary>One error that a store can tell of, or a class of them.</summary>
/// <param name="Code">SQLite: a decimal number. PostgreSQL: five characters, or the two of a class.</param>
/// <param name="Kind">What can be done about it.</param>
/// <param name="Meaning">What it says, in a few words.</param>
internal sealed record StoreError(string Code, StoreFaultKind Kind, string Meaning);
