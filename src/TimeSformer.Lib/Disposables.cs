namespace TimeSformer;

/// <summary>Resources that their user hands on.</summary>
internal static class Disposables
{
    /// <summary>What `use` returns; the resource is disposed if it throws.</summary>
    public static T OrDispose<TResource, T>(this TResource resource, Func<TResource, T> use)
        where TResource : IDisposable
    {
        try
        {
            return use(resource);
        }
        catch
        {
            resource.Dispose();
            throw;
        }
    }
}
