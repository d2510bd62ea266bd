using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        // TorchSharp's own file: the count, then for each tensor its name, type, shape and bytes; numbers in LEB128.
        public partial class Module
        {
            public Module save(string location, IList<string>? skip = null)
            {
                using var stream = File.Create(location);
                return save(stream, skip);
            }

            /// <summary>Writes to the stream and closes it.</summary>
            public Module save(Stream stream, IList<string>? skip = null)
            {
                using var writer = new BinaryWriter(stream);
                return save(writer, skip);
            }

            public Module save(BinaryWriter writer, IList<string>? skip = null)
            {
                save_state_dict(writer, state_dict(), skip);
                return this;
            }

            public static void save_state_dict(BinaryWriter writer, Dictionary<string, Tensor> sd, IList<string>? skip = null)
            {
                var chosen = sd.Where(entry => skip?.Contains(entry.Key) is not true).ToList();
                writer.Write7BitEncodedInt64(chosen.Count);
                foreach (var (key, tensor) in chosen)
                {
                    using var scope = NewDisposeScope();
                    writer.Write(key);
                    writer.Write7BitEncodedInt64((long)tensor.dtype);
                    writer.Write7BitEncodedInt64(tensor.dim());
                    foreach (var length in tensor.shape) writer.Write7BitEncodedInt64(length);
                    writer.Write(tensor.detach().cpu().contiguous().bytes);
                }
            }

            public virtual Module load(string location, bool strict = true, IList<string>? skip = null, Dictionary<string, bool>? loadedParameters = null)
            {
                using var stream = File.OpenRead(location);
                return load(stream, strict, skip, loadedParameters);
            }

            /// <summary>Reads from the stream and closes it.</summary>
            public Module load(Stream stream, bool strict = true, IList<string>? skip = null, Dictionary<string, bool>? loadedParameters = null)
            {
                using var reader = new BinaryReader(stream);
                return load(reader, strict, skip, loadedParameters);
            }

            /// <summary>Reads what <see cref="save(BinaryWriter, IList{string})"/> wrote into this module.</summary>
            /// <exception cref="ArgumentException">A name is missing or unknown (strict), or a tensor's type or shape differs.</exception>
            public virtual Module load(BinaryReader reader, bool strict = true, IList<string>? skip = null, Dictionary<string, bool>? loadedParameters = null)
            {
                var own = state_dict();
                var count = reader.Read7BitEncodedInt64();
                if (strict && count != own.Count) throw new ArgumentException($"the file holds {count} tensors, {name} has {own.Count}");
                for (long k = 0; k < count; k++)
                {
                    using var scope = NewDisposeScope();
                    var key = reader.ReadString();
                    var value = Read(reader, key);
                    bool found = own.TryGetValue(key, out var target);
                    if (!found && strict) throw new ArgumentException($"{name} has no parameter or buffer '{key}'");
                    loadedParameters?.Add(key, found);
                    if (!found || skip?.Contains(key) is true) continue;
                    if (value.dtype != target!.dtype || !value.shape.AsSpan().SequenceEqual(target.shape))
                    {
                        throw new ArgumentException(
                            $"{key} is {value.dtype} [{string.Join(", ", value.shape)}] in the file, {target.dtype} [{string.Join(", ", target.shape)}] in {name}");
                    }
                    using var _ = no_grad();
                    target.copy_(value);
                }
                return this;
            }

            private static Tensor Read(BinaryReader reader, string key)
            {
                var type = (ScalarType)reader.Read7BitEncodedInt64();
                var shape = new long[reader.Read7BitEncodedInt64()];
                for (int axis = 0; axis < shape.Length; axis++) shape[axis] = reader.Read7BitEncodedInt64();
                var value = empty(shape, type);
                try
                {
                    reader.BaseStream.ReadExactly(value.bytes);
                }
                catch (EndOfStreamException error)
                {
                    throw new EndOfStreamException($"the file ends within '{key}'", error);
                }
                return value;
            }
        }
    }
}
