// GELU(h + bias), x·Φ(x) with the normal distribution's Φ. WIDTH is a row's, a multiple of 8. A block of 8 warps takes 256 columns of the
// rows blockIdx.y · 8 + warp, + 8 · gridDim.y ...

__device__ inline float distribution(float x) { return 0.5f + 0.5f * erff(x * 0.70710678f); }

// activated (rows, WIDTH).
extern "C" __global__ void gelu_forward(const STORED* hidden, const RESIDUAL* bias, STORED* activated, long long rows) {
    int c = (blockIdx.x * 32 + threadIdx.x % 32) * 8;
    if (c >= WIDTH) return;
    float b[8];
    load(bias + c, b);
    for (long long row = blockIdx.y * 8 + threadIdx.x / 32; row < rows; row += gridDim.y * 8) {
        float x[8];
        load(hidden + row * WIDTH + c, x);
        for (int k = 0; k < 8; k++) x[k] = (x[k] + b[k]) * distribution(x[k] + b[k]);
        store(x, activated + row * WIDTH + c);
    }
}

// The gradient of `hidden`, given `upper`, that of the activations; biases (gridDim.y, WIDTH): parts of the bias's.
extern "C" __global__ void gelu_backward(
    const STORED* hidden, const RESIDUAL* bias, const STORED* upper, STORED* gradient, float* biases, long long rows) {
    __shared__ float parts[8][256];
    int lane = threadIdx.x % 32, warp = threadIdx.x / 32, c = (blockIdx.x * 32 + lane) * 8;
    float sum[8] = {};
    if (c < WIDTH) {
        float b[8];
        load(bias + c, b);
        for (long long row = blockIdx.y * 8 + warp; row < rows; row += gridDim.y * 8) {
            float x[8], g[8];
            load(hidden + row * WIDTH + c, x);
            load(upper + row * WIDTH + c, g);
            for (int k = 0; k < 8; k++) {
                x[k] += b[k];
                g[k] *= distribution(x[k]) + x[k] * 0.39894228f * expf(-0.5f * x[k] * x[k]);
                sum[k] += g[k];
            }
            store(g, gradient + row * WIDTH + c);
        }
    }
    for (int k = 0; k < 8; k++) parts[warp][lane * 8 + k] = sum[k];
    __syncthreads();
    int column = blockIdx.x * 256 + threadIdx.x;
    if (column >= WIDTH) return;
    float total = 0;
    for (int k = 0; k < 8; k++) total += parts[k][threadIdx.x];
    biases[(long long)blockIdx.y * WIDTH + column] = total;
}
