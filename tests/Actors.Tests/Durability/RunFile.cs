using Involute.Actors.Durability;
using Microsoft.Data.Sqlite;

namespace Involute.Actors.Tests.Durability;

/// <summary>What another program might do to a run's database.</summary>
internal static class RunFile
{
    public static SqliteConnection Open(string runFolder)
    {
        var connection = new SqliteConnection($"Data Source={RunDatabase.PathIn(runFolder)};Pooling=False");
        connection.Open();
        return connection;
    }

    public static void Execute(this SqliteConnection connection, string sql, params (string Name, object Value)[] values)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in values)
        {
            command.Parameters.AddWithValue(name, value);
        }

        command.ExecuteNonQuery();
    }

    public static List<T> Column<T>(this SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var rows = command.ExecuteReader();
        var values = new List<T>();
        while (rows.Read())
        {
            values.Add(rows.GetFieldValue<T>(0));
        }

        return values;
    }

    public static void Change(string runFolder, string sql, params (string Name, object Value)[] values)
    {
        using var connection = Open(runFolder);
        connection.Execute(sql, values);
    }

    public static List<T> Read<T>(string runFolder, string sql)
    {
        using var connection = Open(runFolder);
        return connection.Column<T>(sql);
    }

    public static void FlipByteOfCheckpoint(string runFolder, int step, int index)
    {
        using var connection = Open(runFolder);
        var blob = connection.Column<byte[]>($"SELECT snapshot FROM snapshot WHERE sequence_number = {step}")[0];
        blob[(index + blob.Length) % blob.Length] ^= 0x40;
        connection.Execute("UPDATE snapshot SET snapshot = $blob WHERE sequence_number = $step", ("$blob", blob), ("$step", step));
    }
}
