using Microsoft.Data.Sqlite;

namespace Involute.Tests;

internal sealed class TemporaryFolder(string name = "run") : IDisposable
{
    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("involute-");

    public string Path => Directory.CreateDirectory(System.IO.Path.Combine(_parent.FullName, name)).FullName;

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _parent.Delete(recursive: true);
    }
}
