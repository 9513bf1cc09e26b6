using System.Data.Common;
using Involute.Runs.Stores;
using Involute.Runs.Stores.Sqlite;
using Microsoft.Data.Sqlite;

namespace Involute.Tests;

/// <summary>What another program might do to a run's database.</summary>
internal static class RunFile
{
    public static SqliteConnection Open(string runFolder)
    {
        var connection = new SqliteConnection($"Data Source={RunDatabase.PathIn(runFolder)};Pooling=False");
        connection.Open();
        return connection;
    }

    public static void Execute(this DbConnection connection, string sql, params (string Name, object Value)[] values)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in values)
        {
            command.Add(name, value);
        }

        command.ExecuteNonQuery();
    }

    public static List<T> Column<T>(this DbConnection connection, string sql)
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
}
